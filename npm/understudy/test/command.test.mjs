// The launcher: which command it finds, and how like the command it behaves.
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';

const launcher = new URL('../bin/understudy.js', import.meta.url).pathname;
const { UNDERSTUDY_BINARY: binary, ...others } = process.env;

/** Runs the launcher to its end. */
function understudy(args, { at = launcher, env = process.env, before = [] } = {}) {
  return new Promise(resolve => {
    execFile(process.execPath, [...before, at, ...args], { env }, (error, stdout, stderr) => {
      resolve({ code: error?.code ?? 0, stdout, stderr });
    });
  });
}

/** A copy of the launcher where no platform's package is. */
function alone(t) {
  const folder = mkdtempSync(path.join(tmpdir(), 'understudy-test-'));
  t.after(() => rmSync(folder, { recursive: true }));
  for (const part of ['bin', 'dist'])
    cpSync(new URL(`../${part}`, import.meta.url), path.join(folder, part), { recursive: true });
  return path.join(folder, 'bin/understudy.js');
}

test('it prints what the command prints', async () => {
  const { code, stdout } = await understudy(['--version']);
  assert.equal(code, 0);
  assert.match(stdout, /^understudy \d+\.\d+\.\d+/);
});

test('it ends with the code of the command', async () => {
  assert.equal((await understudy(['scenarios', 'show', 'no-such-scenario'])).code, 2);
});

test('it hands signals on, and ends when the command has', async () => {
  const up = spawn(process.execPath, [launcher, 'up', '--portal-port', '0', '--idp-port', '0', '--output', 'json'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  await once(createInterface(up.stdout), 'line');
  up.kill('SIGTERM');
  assert.deepEqual(await once(up, 'close'), [0, null]);
});

test("it tells that the platform's package is missing, and what to do", async t => {
  const { code, stderr } = await understudy([], { at: alone(t), env: others });
  assert.equal(code, 2);
  assert.match(stderr, /^error: the package portal-understudy-\S+, which holds the command, is not installed\./);
  assert.match(stderr, /--omit=optional/);
});

test('it tells on a platform without a package which ones have one', async t => {
  const folder = path.dirname(alone(t));
  const other = path.join(folder, 'other-platform.cjs');
  cpSync(new URL('other-platform.cjs', import.meta.url), other);
  const { code, stderr } = await understudy([], {
    at: path.join(folder, 'understudy.js'),
    env: others,
    before: ['-r', other],
  });
  assert.equal(code, 2);
  assert.match(stderr, /^error: there is no understudy for sunos-mips \(only for darwin-arm64, .*\): build it with/);
});

test("it runs the command of the platform's package", async t => {
  const at = alone(t);
  const name = `portal-understudy-${process.platform}-${process.arch}`;
  const home = path.join(path.dirname(at), '../node_modules', name, 'bin');
  mkdirSync(home, { recursive: true });
  cpSync(binary, path.join(home, 'understudy'));
  assert.match((await understudy(['--version'], { at, env: others })).stdout, /^understudy /);
});

test('it tells that the command that the variable names is not there', async () => {
  const { code, stderr } = await understudy([], { env: { ...others, UNDERSTUDY_BINARY: '/nowhere/understudy' } });
  assert.equal(code, 2);
  assert.equal(stderr, 'error: UNDERSTUDY_BINARY names /nowhere/understudy, which is not there\n');
});
