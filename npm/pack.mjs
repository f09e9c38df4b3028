// Makes the packages as they are published, each with the version of the crates, and prints the paths of the .tgz:
//   node npm/pack.mjs OUT                    what is for every platform, once it is built
//   node npm/pack.mjs OUT BINARY TARGET      the package of one platform, which holds nothing but the command;
//                                            TARGET as Rust names it
import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** Each target that is released, and the platform as Node names it. On Linux the command is static: any libc will do. */
export const PLATFORMS = {
  'aarch64-apple-darwin': { os: 'darwin', cpu: 'arm64' },
  'x86_64-apple-darwin': { os: 'darwin', cpu: 'x64' },
  'aarch64-unknown-linux-musl': { os: 'linux', cpu: 'arm64' },
  'x86_64-unknown-linux-musl': { os: 'linux', cpu: 'x64' },
  'x86_64-pc-windows-msvc': { os: 'win32', cpu: 'x64' },
};

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.join(here, '..');
const LICENCES = ['LICENSE-APACHE', 'LICENSE-MIT'];

/** The version that all packages have. */
export function cargoVersion() {
  const workspace = readFileSync(path.join(root, 'Cargo.toml'), 'utf8').split('[workspace.package]')[1];
  return /^version = "(.+)"$/m.exec(workspace)[1];
}

/** What the package.json of `folder` says when it is published. As it stands there it can't be, being private. */
export function published(folder) {
  const {
    private: _,
    scripts,
    devDependencies,
    ...manifest
  } = JSON.parse(readFileSync(path.join(here, folder, 'package.json'), 'utf8'));
  manifest.version = cargoVersion();
  if (folder === 'understudy') {
    // Not in the file itself, since no lock file can hold what is not published yet.
    const names = Object.values(PLATFORMS).map(platform => platformPackage(platform).name);
    manifest.optionalDependencies = Object.fromEntries(names.sort().map(name => [name, manifest.version]));
  }
  return manifest;
}

/** What the package.json of a platform's package says. */
export function platformPackage({ os, cpu }) {
  return {
    name: `portal-understudy-${os}-${cpu}`,
    version: cargoVersion(),
    description: `The command of portal-understudy for ${os} on ${cpu}`,
    license: 'MIT OR Apache-2.0',
    os: [os],
    cpu: [cpu],
    // Yarn's Plug'n'Play would leave it in an archive, out of which nothing can be run.
    preferUnplugged: true,
    files: ['bin', 'LICENSE-*'],
  };
}

/** Packs what `fill` puts into a folder beside this package.json and the licences. */
function pack(manifest, out, fill) {
  const folder = mkdtempSync(path.join(tmpdir(), 'understudy-pack-'));
  try {
    fill(folder);
    for (const licence of LICENCES) cpSync(path.join(root, licence), path.join(folder, licence));
    writeFileSync(path.join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
    mkdirSync(out, { recursive: true });
    execFileSync('npm', ['pack', '--silent', '--pack-destination', path.resolve(out)], {
      cwd: folder,
      shell: process.platform === 'win32',
    });
    return path.join(out, `${manifest.name}-${manifest.version}.tgz`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function packFolder(name, out) {
  return pack(published(name), out, folder => {
    cpSync(path.join(here, name), folder, { recursive: true, filter: source => !source.includes('node_modules') });
  });
}

function packPlatform(binary, target, out) {
  const platform = PLATFORMS[target];
  if (!platform) throw new Error(`no package is made for ${target}, only for ${Object.keys(PLATFORMS).join(', ')}`);
  return pack(platformPackage(platform), out, folder => {
    const packed = path.join(folder, 'bin', platform.os === 'win32' ? 'understudy.exe' : 'understudy');
    mkdirSync(path.dirname(packed));
    cpSync(binary, packed);
    chmodSync(packed, 0o755);
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [out, binary, target] = process.argv.slice(2);
  if (!out || (binary && !target)) {
    console.error('usage: node npm/pack.mjs OUT [BINARY TARGET]');
    process.exit(2);
  }
  const packed = binary
    ? [packPlatform(binary, target, out)]
    : ['understudy', 'backstage-module'].map(folder => packFolder(folder, out));
  console.log(packed.join('\n'));
}
