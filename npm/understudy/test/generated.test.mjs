// The types of the control API are those of the running one.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';

test('generating the types gives the file that is there: else run `npm run generate`', t => {
  const folder = mkdtempSync(path.join(tmpdir(), 'understudy-test-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = path.join(folder, 'control-api.ts');
  execFileSync(process.execPath, [new URL('../scripts/generate.mjs', import.meta.url).pathname, file]);
  assert.equal(readFileSync(file, 'utf8'), readFileSync(new URL('../src/control-api.ts', import.meta.url), 'utf8'));
});
