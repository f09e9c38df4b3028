// A running `understudy up`, which lives no longer than this process.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { binaryPath } from './binary';
import type { ControlAddress } from './control';
import { UnderstudyError } from './error';

/** What `up --output json` prints when all is up. */
export interface Ready {
  portal: { url: string; server_url: string };
  issuers: { name: string; kind: string; issuer: string; token_endpoint: string; jwks_uri: string }[];
  clients: { client_id: string; client_secret?: string; redirect_uris: string[] }[];
  users: { username: string; password: string }[];
  scenario: string;
  ca_file?: string;
  control: ControlAddress;
}

/** How long an end that was asked for may take. */
const PATIENCE_MS = 5000;
/** How much of what it said is kept for an error. */
const SAID_LINES = 20;

export class UpProcess {
  private readonly said: string[] = [];
  private readonly exited: Promise<void>;
  private exit: string | undefined;

  private constructor(
    private readonly child: ChildProcess,
    log: ((line: string) => void) | undefined,
  ) {
    createInterface(child.stderr!).on('line', line => {
      this.said.push(line);
      if (this.said.length > SAID_LINES) this.said.shift();
      log?.(line);
    });
    this.exited = new Promise(resolve => {
      child.on('error', error => {
        this.exit ??= `it can't be run: ${error.message}`;
        resolve();
      });
      child.on('close', (code, signal) => {
        this.exit ??= [`it has ended with ${signal ?? `code ${code}`}`, ...this.said].join('\n');
        resolve();
      });
    });
  }

  /** Starts it, and waits until it is ready. */
  static async start(args: string[], log: ((line: string) => void) | undefined): Promise<[UpProcess, Ready]> {
    // It ends with its standard input, and that ends with this process, however this one ends.
    const child = spawn(binaryPath(), ['up', '--output', 'json', '--end-with-stdin', '--color', 'never', ...args], {
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    child.stdin!.on('error', () => {});
    const up = new UpProcess(child, log);
    const line = once(createInterface(child.stdout!), 'line').then(([text]) => JSON.parse(text) as Ready);
    const ready = await Promise.race([line, up.exited]);
    if (!ready) throw new UnderstudyError(`the stage did not start: ${up.exit}`);
    up.letGo();
    return [up, ready];
  }

  /** Why it is no longer there, where it isn't. */
  ended(): string | undefined {
    return this.exit;
  }

  /** Ends it, and waits until it has ended. */
  async stop(): Promise<void> {
    this.child.stdin!.end();
    const late = setTimeout(() => this.child.kill('SIGKILL'), PATIENCE_MS);
    await this.exited;
    clearTimeout(late);
    this.exit = 'it was stopped';
  }

  /** A stage that nobody stops holds up nobody's exit. */
  private letGo(): void {
    this.child.unref();
    for (const stream of [this.child.stdin, this.child.stdout, this.child.stderr]) {
      (stream as unknown as { unref(): void }).unref();
    }
  }
}
