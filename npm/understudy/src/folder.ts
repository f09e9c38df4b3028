// A stage's folder for files, which goes when the stage does, or with this process.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const open = new Set<string>();
let isWatching = false;

export class Folder {
  readonly path = mkdtempSync(join(tmpdir(), 'understudy-'));

  constructor() {
    open.add(this.path);
    if (isWatching) return;
    isWatching = true;
    process.on('exit', () => open.forEach(remove));
  }

  /** The path of a file in it. */
  at(name: string): string {
    return join(this.path, name);
  }

  remove(): void {
    remove(this.path);
    open.delete(this.path);
  }
}

function remove(path: string): void {
  rmSync(path, { recursive: true, force: true, maxRetries: 3 });
}
