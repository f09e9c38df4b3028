// A stage from a test's side: what it tells, what can be done to it, and how it ends.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { get } from 'node:https';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { describe, test } from 'node:test';
import { parse } from 'yaml';
import { UnderstudyError, startStage } from '../index.mjs';

const index = new URL('../index.mjs', import.meta.url).href;

/** A stage for one test. */
async function stageFor(t, options) {
  const stage = await startStage(options);
  t.after(() => stage.stop());
  return stage;
}

/** A token, as a provider gets one. */
async function tokenOf({ env }) {
  const body = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: env.CLIENT_ID,
    client_secret: env.CLIENT_SECRET,
  });
  const answer = await fetch(env.TOKEN_ENDPOINT, { method: 'POST', body });
  return (await answer.json()).access_token;
}

/** The portal's list, read as a provider reads it. */
async function listOf(stage, token) {
  const headers = { authorization: `Bearer ${token ?? (await tokenOf(stage))}` };
  return fetch(`${stage.env.PORTAL_SERVER_URL}/apis`, { headers });
}

const ids = async answer => (await answer.json()).flatMap(({ apiVersions }) => apiVersions.map(({ apiId }) => apiId));

describe('a stage', { concurrency: true }, () => {
  test('shows the bundled scenario to who has the variables', async t => {
    const stage = await stageFor(t);
    assert.deepEqual(await ids(await listOf(stage)), ['petstore-v1', 'tracks-v1']);
    assert.deepEqual(stage.portal.serverUrl, stage.env.PORTAL_SERVER_URL);
    assert.equal(stage.issuers[0].tokenEndpoint, stage.env.TOKEN_ENDPOINT);
    assert.equal(stage.clients[0].clientSecret, stage.env.CLIENT_SECRET);
  });

  test('tells its app-config as the file has it', async t => {
    const stage = await stageFor(t);
    assert.deepEqual(parse(readFileSync(stage.appConfigFile, 'utf8')), stage.appConfig);
  });

  test('plays a scenario that is given as an object', async t => {
    const scenario = { portal: { products: [{ id: 'orders', versions: [{ name: 'v1' }, { name: 'v2' }] }] } };
    const stage = await stageFor(t, { scenario });
    assert.deepEqual(await ids(await listOf(stage)), ['orders-v1', 'orders-v2']);
  });

  test('plays a scenario file', async t => {
    const scenario = new URL('../../../scenarios/bundled/gloo-gateway.yaml', import.meta.url).pathname;
    const stage = await stageFor(t, { scenario });
    assert.equal((await stage.world()).family, 'gloo-gateway');
  });

  test('hands out the same ids with the same seed', async t => {
    const [one, same, other] = await Promise.all([7, 7, 8].map(seed => stageFor(t, { seed })));
    const jti = async stage => JSON.parse(Buffer.from((await tokenOf(stage)).split('.')[1], 'base64url')).jti;
    assert.equal(await jti(one), await jti(same));
    assert.notEqual(await jti(one), await jti(other));
  });

  test('serves https by an authority of its own', async t => {
    const stage = await stageFor(t, { tls: true });
    assert.match(stage.env.TOKEN_ENDPOINT, /^https:/);
    assert.equal(stage.env.NODE_EXTRA_CA_CERTS, stage.caFile);
    const ca = readFileSync(stage.caFile);
    const [answer] = await once(get(`${stage.portal.serverUrl}/apis`, { ca, agent: false }), 'response');
    assert.equal(answer.resume().statusCode, 401);
  });

  test('has a fault in force until it is lifted', async t => {
    const stage = await stageFor(t);
    const outage = await stage.fault({ server: 'portal', path: '/v1/apis', does: { status: 503 } });
    assert.equal((await listOf(stage)).status, 503);
    assert.equal((await stage.faults()).length, 1);
    await outage.lift();
    await outage.lift();
    assert.equal((await listOf(stage)).status, 200);
  });

  test('ends a fault with the scope that holds it', async t => {
    const stage = await stageFor(t);
    const outage = await stage.fault({ server: 'portal', does: 'html' });
    await outage[Symbol.asyncDispose]();
    assert.deepEqual(await stage.faults(), []);
  });

  test('keeps a journal', async t => {
    const stage = await stageFor(t);
    await listOf(stage);
    const mark = await stage.mark();
    await listOf(stage, 'no token');
    const seen = (await stage.journal({ server: 'portal', since: mark })).map(({ path, status }) => [path, status]);
    assert.deepEqual(seen, [['/v1/apis', 401]]);
    assert.equal((await stage.journal({ path: '/v1/apis' })).length, 2);
    assert.equal((await stage.journal({ limit: 1 })).length, 1);
  });

  test('waits for a request', async t => {
    const stage = await stageFor(t);
    const [exchange] = await Promise.all([stage.waitFor({ server: 'portal', path: '/v1/apis' }), listOf(stage)]);
    assert.equal(exchange.status, 200);
    const late = stage.waitFor({ server: 'portal', path: '/v1/never' }, { timeout: '10ms' });
    await assert.rejects(late, { name: 'UnderstudyError', message: /^the stage refused POST \/journal\/wait: no / });
  });

  test('verifies what came, and tells what did not', async t => {
    const stage = await stageFor(t);
    await listOf(stage);
    await stage.verify({ server: 'portal', path: '/v1/apis', atLeast: 1, atMost: 1 });
    const unmet = stage.verify([{ server: 'portal', path: '/v1/apis', atLeast: 2 }]);
    await assert.rejects(unmet, error => {
      assert.match(error.message, /2 is the least\nThese requests came:\n/);
      assert.match(error.message, /portal GET \/v1\/apis 200/);
      return error instanceof UnderstudyError;
    });
  });

  test('lets time pass at once', async t => {
    const stage = await stageFor(t);
    const token = await tokenOf(stage);
    assert.equal((await listOf(stage, token)).status, 200);
    await stage.clock.advance('2h');
    assert.equal((await listOf(stage, token)).status, 401);
    await stage.clock.set(new Date('2030-01-01T00:00:00Z'));
    await stage.clock.freeze();
    const { now, frozen } = await stage.clock.show();
    assert.ok(frozen && now.startsWith('2030-01-01T00:00:0'), now);
    await stage.clock.run();
    await stage.clock.skew('idp', '-5m');
    assert.equal((await stage.clock.show()).frozen, false);
  });

  test('plays steps, and is as at the start after a reset', async t => {
    const stage = await stageFor(t);
    await stage.steps({ change: { removeProducts: ['tracks'] } }, { tokens: 'revoke' }, { restart: 'portal' });
    assert.deepEqual(await ids(await listOf(stage)), ['petstore-v1']);
    await stage.change({ addVersions: [{ product: 'petstore', version: { name: 'v2' } }] });
    assert.deepEqual(await ids(await listOf(stage)), ['petstore-v1', 'petstore-v2']);
    await stage.keys({ rotate: 'okta' });
    await stage.tokens({ opaque: true });
    await stage.restart('idp');
    await stage.reset();
    assert.deepEqual(await ids(await listOf(stage)), ['petstore-v1', 'tracks-v1']);
    assert.deepEqual(
      (await stage.world()).products.map(({ id }) => id),
      ['petstore', 'tracks'],
    );
  });

  test('takes another world', async t => {
    const stage = await stageFor(t);
    await stage.replaceWorld({ portal: { products: [{ id: 'orders', versions: [{ name: 'v1' }] }] } });
    assert.deepEqual(await ids(await listOf(stage)), ['orders-v1']);
  });

  test('tells in a sentence what it refuses', async t => {
    const stage = await stageFor(t);
    await assert.rejects(stage.fault({ server: 'portal', does: { status: 42 } }), {
      name: 'UnderstudyError',
      code: 'unprocessable',
      message: /^the stage refused POST \/faults: .* an HTTP status is from 200 to 599, found 42$/,
    });
    await assert.rejects(stage.steps('sync'), { code: 'needs-subject' });
  });

  test('says what it answers to who listens', async t => {
    const lines = [];
    let heard;
    const told = new Promise(resolve => (heard = resolve));
    const stage = await stageFor(t, { log: line => lines.push(line) && /GET \/v1\/apis/.test(line) && heard() });
    await listOf(stage);
    await told;
  });

  test("that can't start tells why", async () => {
    await assert.rejects(startStage({ scenario: 'no-such-scenario' }), {
      name: 'UnderstudyError',
      message: /^the stage did not start: it has ended with code 2\n[^]*no-such-scenario/,
    });
  });

  test('that was stopped is gone, with its files', async () => {
    const stage = await startStage();
    await stage.stop();
    await stage.stop();
    await assert.rejects(fetch(stage.portal.url));
    assert.equal(existsSync(path.dirname(stage.appConfigFile)), false);
    await assert.rejects(stage.world(), /GET \/world of the stage failed: it was stopped$/);
  });
});

describe('a stage that nobody stops', { concurrency: true }, () => {
  /** A program that starts a stage, tells its URL, and goes on with `then`. */
  async function program(then) {
    const text = `import { startStage } from '${index}';
      const stage = await startStage();
      console.log(JSON.stringify([stage.control.url, stage.appConfigFile]));
      ${then}`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', text], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = await once(createInterface(child.stdout), 'line');
    return [child, ...JSON.parse(line)];
  }

  /** Waits until nobody answers there. */
  async function gone(url) {
    for (;;) {
      const health = await fetch(`${url}/health`).catch(() => undefined);
      if (!health) return;
      await health.arrayBuffer();
    }
  }

  test('does not keep its program from ending, and ends with it', async () => {
    const [child, url, file] = await program('');
    assert.deepEqual(await once(child, 'exit'), [0, null]);
    await gone(url);
    assert.equal(existsSync(path.dirname(file)), false);
  });

  test('ends with a program that is killed, and leaves no more than its files', async t => {
    const [child, url, file] = await program('setInterval(() => {}, 1000);');
    t.after(() => rmSync(path.dirname(file), { recursive: true }));
    child.kill('SIGKILL');
    await gone(url);
  });
});
