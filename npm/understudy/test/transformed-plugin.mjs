// The portal's own plugin, with names, owners and labels of a user's, is judged as the plugin is without them:
//   UNDERSTUDY_BINARY=… UNDERSTUDY_PLUGIN=FOLDER node --test test/transformed-plugin.mjs
// FOLDER is made by tests/plugin/install.sh.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { providerSubject, run } from '../index.mjs';

const root = new URL('../../../', import.meta.url);
const provider = fileURLToPath(new URL('examples/transformed-plugin/provider.mjs', root));
const known = parse(readFileSync(new URL('tests/plugin/expected-failures.yaml', root), 'utf8'));

test('the quick suite finds in it what it finds in the plugin, by whatever names', async () => {
  const subject = providerSubject(provider);
  const report = await run({ suite: 'quick', keep: true, timeout: '10s', cwd: process.env.UNDERSTUDY_PLUGIN, subject });
  const failed = report.scenarios.filter(({ outcome }) => outcome.kind === 'failed').map(({ name }) => name);
  const wanted = report.scenarios
    .map(({ name }) => name)
    .filter(name => known.some(({ scenario }) => scenario === name));
  assert.deepEqual(failed, wanted);
  assert.ok(failed.length > 5 && report.scenarios.some(({ outcome }) => outcome.kind === 'passed'));
  const [{ before }] = report.scenarios;
  assert.ok(
    before.some(({ reference }) => reference === 'api:default/shop.petstore-v1'),
    JSON.stringify(before),
  );
});
