// What the packages say of themselves.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { PLATFORMS, cargoVersion, platformPackage, published } from '../../pack.mjs';

const FOLDERS = ['understudy', 'backstage-module'];
const platforms = Object.values(PLATFORMS).map(platformPackage);

test('every package has the version of the crates', () => {
  for (const folder of FOLDERS) {
    const manifest = JSON.parse(readFileSync(new URL(`../../${folder}/package.json`, import.meta.url), 'utf8'));
    assert.equal(manifest.version, cargoVersion(), folder);
  }
});

test('the main package depends on each platform, at exactly its own version', () => {
  const { version, optionalDependencies } = published('understudy');
  assert.deepEqual(optionalDependencies, Object.fromEntries(platforms.map(({ name }) => [name, version]).sort()));
});

test('the launcher knows the platforms that have a package', async () => {
  const source = readFileSync(new URL('../src/binary.ts', import.meta.url), 'utf8');
  const [, list] = /PLATFORMS = \[(.+)\];/.exec(source);
  assert.deepEqual(
    list.split(', ').map(quoted => `portal-understudy-${quoted.slice(1, -1)}`),
    platforms.map(({ name }) => name).sort(),
  );
});

test('no package runs anything when it is installed', () => {
  for (const manifest of [...FOLDERS.map(published), ...platforms])
    assert.equal(manifest.scripts, undefined, manifest.name);
});
