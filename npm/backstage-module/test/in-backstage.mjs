// The packed module in a real, minimal Backstage, beside `understudy serve`:
//   UNDERSTUDY_BINARY=… UNDERSTUDY_BACKSTAGE=FOLDER node --test test/in-backstage.mjs
// FOLDER is made by tests/backstage/install.sh, and has the module among its packages.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

const { UNDERSTUDY_BINARY: understudy, UNDERSTUDY_BACKSTAGE: folder } = process.env;
const TOKEN = 'understudy-reads-this-catalog';
/** How long Backstage may take for what it is to notice. */
const PATIENCE_MS = 120_000;

test('a real catalog follows the portal through changes, outages and restarts', async t => {
  const state = mkdtempSync(path.join(tmpdir(), 'understudy-backstage-'));
  t.after(() => rmSync(state, { recursive: true }));
  const port = await freePort();
  let serve = await startServe(t, 0);
  writeFileSync(path.join(state, 'served.yaml'), configFor(serve.ready.catalog_info, state));
  let backstage = startBackstage(t, port, state);
  const shows = (...names) => until(state, async () => assert.deepEqual(await apisOf(port), names.toSorted()));
  const log = () => readFileSync(path.join(state, 'log'), 'utf8');

  await t.test('what the portal shows is in the catalog', () => shows('petstore-v1', 'tracks-v1'));

  await t.test('what is new comes, and what is removed goes', async () => {
    await change(serve, {
      addVersions: [{ product: 'petstore', version: { name: 'v2' } }],
      removeVersions: ['tracks-v1'],
    });
    await shows('petstore-v1', 'petstore-v2');
  });

  await t.test('what has changed is changed', async () => {
    await change(serve, { editVersions: [{ id: 'petstore-v2', description: 'The second one' }] });
    await until(state, async () => {
      const [entity] = await catalog(port, 'filter=metadata.name=petstore-v2');
      assert.equal(entity?.metadata.description, 'The second one');
    });
  });

  await t.test('while nobody serves it stays as it is, and goes on afterwards', async () => {
    const [serving] = serve.ready.catalog_info.match(/\d+(?=\/)/);
    await serve.stop();
    await until(state, () => assert.match(log(), /can't be reached: .*; the catalog stays as it is/));
    assert.deepEqual(await apisOf(port), ['petstore-v1', 'petstore-v2']);
    serve = await startServe(t, serving);
    await shows('petstore-v1', 'tracks-v1');
    assert.match(log(), /is readable again/);
  });

  await t.test('what was removed while Backstage was down goes when it is up again', async () => {
    await backstage.stop();
    await change(serve, { removeProducts: ['tracks'] });
    backstage = startBackstage(t, port, state);
    await shows('petstore-v1');
  });
});

/** Syncing every second, with a database that outlives a restart. */
const configFor = (url, state) => `
backend: { database: { client: better-sqlite3, connection: { directory: '${state}' } } }
glooPlatformPortal:
  catalog: { url: '${url}' }
  backend: { syncFrequency: { seconds: 1 }, syncTimeout: { seconds: 5 } }
`;

async function startServe(t, port) {
  const args = [
    'serve',
    '--port',
    `${port}`,
    '--portal-port',
    '0',
    '--idp-port',
    '0',
    '--every',
    '200ms',
    '--output',
    'json',
  ];
  const child = spawn(understudy, [...args, '--end-with-stdin'], { stdio: ['pipe', 'pipe', 'ignore'] });
  const stop = ender(t, child);
  const [line] = await once(createInterface(child.stdout), 'line');
  return { ready: JSON.parse(line), stop };
}

function startBackstage(t, port, state) {
  const args = ['module.mjs', '--config', 'app-config.yaml', '--config', path.join(state, 'served.yaml')];
  const env = { ...process.env, PORT: port, BACKSTAGE_TOKEN: TOKEN, NODE_ENV: 'development' };
  const child = spawn(process.execPath, args, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const log = createWriteStream(path.join(state, 'log'), { flags: 'a' });
  child.stdout.pipe(log, { end: false });
  child.stderr.pipe(log, { end: false });
  return { stop: ender(t, child) };
}

/** What ends a process, at the end of the test at the latest. */
function ender(t, child) {
  const closed = once(child, 'close');
  const stop = () => (child.kill('SIGKILL'), closed);
  t.after(stop);
  return stop;
}

async function change({ ready }, body) {
  const { url, token } = ready.stage.control;
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const answer = await fetch(`${url}/world/changes`, { method: 'POST', headers, body: JSON.stringify(body) });
  assert.equal(answer.status, 200, await answer.text());
}

async function catalog(port, query) {
  const headers = { authorization: `Bearer ${TOKEN}`, connection: 'close' };
  const answer = await fetch(`http://localhost:${port}/api/catalog/entities?${query}`, { headers });
  assert.equal(answer.status, 200);
  return answer.json();
}

const apisOf = async port => (await catalog(port, 'filter=kind=api')).map(({ metadata }) => metadata.name).sort();

/** Asks again and again, since Backstage tells nobody when it is done. */
async function until(state, check) {
  for (const deadline = Date.now() + PATIENCE_MS; ; await sleep(200)) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() < deadline) continue;
      const lines = readFileSync(path.join(state, 'log'), 'utf8').split('\n');
      error.message += `\nBackstage's log ends with:\n${lines.slice(-40).join('\n')}`;
      throw error;
    }
  }
}

/** A port that is free now: a Backstage has to be told one before it starts. */
async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  return `${port}`;
}
