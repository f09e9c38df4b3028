// The types as programs see them that import the package, and that require it.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

test('what the types allow compiles, and what they forbid does not', async () => {
  const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
  const project = fileURLToPath(new URL('types', import.meta.url));
  const said = await new Promise(resolve =>
    execFile(process.execPath, [tsc, '-p', project], (_, stdout) => resolve(stdout)),
  );
  assert.equal(said, '');
});
