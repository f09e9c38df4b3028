// Puts into the package what lives elsewhere in the repository: the driver of providers.
import { copyFile } from 'node:fs/promises';

const driver = new URL('../../../examples/drive-provider.mjs', import.meta.url);
await copyFile(driver, new URL('../drive-provider.mjs', import.meta.url));
