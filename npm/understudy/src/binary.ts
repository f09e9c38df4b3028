// Where the command is: a package for each platform holds it, and npm installs the one that fits.
import { existsSync } from 'node:fs';
import { UnderstudyError } from './error';

/** The variable that names a command to use in place of the platform's package. */
const OVERRIDE = 'UNDERSTUDY_BINARY';

/** Platforms with a package, as Node names them. */
const PLATFORMS = ['darwin-arm64', 'darwin-x64', 'linux-arm64', 'linux-x64', 'win32-x64'];

/**
 * The path of the `understudy` command: what `UNDERSTUDY_BINARY` names, or what came with this package.
 *
 * @throws UnderstudyError where there is none, with what to do.
 */
export function binaryPath(): string {
  const given = process.env[OVERRIDE];
  if (given) {
    if (existsSync(given)) return given;
    throw new UnderstudyError(`${OVERRIDE} names ${given}, which is not there`);
  }
  const platform = `${process.platform}-${process.arch}`;
  if (!PLATFORMS.includes(platform)) {
    throw new UnderstudyError(
      `there is no understudy for ${platform} (only for ${PLATFORMS.join(', ')}): ` +
        `build it with \`cargo install --path .\` in a clone of the repository, and name it in ${OVERRIDE}`,
    );
  }
  const name = `portal-understudy-${platform}`;
  try {
    return require.resolve(`${name}/bin/understudy${process.platform === 'win32' ? '.exe' : ''}`);
  } catch {
    throw new UnderstudyError(
      `the package ${name}, which holds the command, is not installed. Optional dependencies may have been left out ` +
        `(--omit=optional, --no-optional), or the folder node_modules was installed on another platform: ` +
        `install again here without that, or name a command in ${OVERRIDE}`,
    );
  }
}
