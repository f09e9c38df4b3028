// `understudy run`: scenarios played against a provider, and what was found.
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { binaryPath } from './binary';
import { UnderstudyError } from './error';
import { Folder } from './folder';
import type { Exchange } from './stage';

/** What is played against whom. */
export interface RunOptions {
  /** Hazards and bundled scenarios by their names, scenario files, folders of scenario files. */
  scenarios?: string[];
  /** A suite that comes with understudy, such as `hazards` or `quick`. */
  suite?: string;
  /** Who is judged; understudy's own provider where none is named. `providerSubject` names one of yours. */
  subject?: string;
  /** Leave the subject running from sync to sync, as in a Backstage that runs for weeks. */
  keep?: boolean;
  /** How long one sync may take, such as `10s`. */
  timeout?: string;
  /** What everything random is drawn with: the same seed plays the same. */
  seed?: number;
  /** Scenarios that are known to fail, by their names, each with the reason. One that passes is a failure then. */
  expectFailures?: Record<string, string>;
  /** A page for people is written to this file. */
  html?: string;
  /** JUnit's XML is written to this file. */
  junit?: string;
  /** Further options of `understudy run`, such as `['--tls']`. */
  args?: string[];
  /** Further variables for the subject. */
  env?: Record<string, string>;
  /** The folder in which the subject's command is run, and against which paths are read. */
  cwd?: string;
}

/** What a run found. */
export interface RunReport {
  /** Whether all ended well: passed, skipped, or failed as expected. */
  passed: boolean;
  schema: number;
  version: string;
  subject: string;
  suite?: string;
  seed: number;
  scenarios: ScenarioReport[];
  elapsed_ms: number;
}

/** What became of one scenario. */
export interface ScenarioReport {
  name: string;
  file?: string;
  description: string;
  outcome: Outcome;
  /** Its steps, the undisturbed first sync included. */
  steps: StepReport[];
  requests: Exchange[];
  /** The catalog after the undisturbed first sync. */
  before: CatalogLine[];
  /** The catalog at the end. */
  after: CatalogLine[];
  /** What the subject wrote to its standard error, with the stage's secrets blotted out. */
  log?: string;
  elapsed_ms: number;
}

/** An entity of a catalog. */
export interface CatalogLine {
  /** `api:default/petstore-v1` */
  reference: string;
  title?: string;
  /** What the entity says apart from its definition. */
  entity: unknown;
  /** The first digits of the definition's SHA-256, and its length in bytes. */
  definition?: [string, number];
}

/** How a scenario ended. */
export type Outcome =
  | { kind: 'passed' | 'failed' }
  | { kind: 'skipped' | 'failed-as-expected' | 'passed-unexpectedly' | 'broken'; reason: string };

/** What became of one step. */
export interface StepReport {
  /** The step in a few words. */
  words: string;
  line?: number;
  verdict: { kind: 'done' | 'passed' } | { kind: 'failed'; findings: string[] } | { kind: 'skipped'; reason: string };
  /** What the subject told of an error, for a sync. */
  error?: string;
  elapsed_ms: number;
}

/**
 * Plays scenarios against a provider.
 *
 * @throws UnderstudyError where nothing could be played. What ended badly is in the report.
 */
export async function run(options: RunOptions = {}): Promise<RunReport> {
  const folder = new Folder();
  try {
    const report = folder.at('report.json');
    const args = ['run', ...(options.scenarios ?? []), '--quiet', '--color', 'never', '--report', `json=${report}`];
    if (options.suite) args.push('--suite', options.suite);
    if (options.subject) args.push('--subject', options.subject);
    if (options.keep) args.push('--keep');
    if (options.timeout) args.push('--timeout', options.timeout);
    if (options.seed !== undefined) args.push('--seed', `${options.seed}`);
    if (options.html) args.push('--report', `html=${options.html}`);
    if (options.junit) args.push('--report', `junit=${options.junit}`);
    if (options.expectFailures) {
      const failures = Object.entries(options.expectFailures).map(([scenario, reason]) => ({ scenario, reason }));
      writeFileSync(folder.at('expected-failures.yaml'), JSON.stringify(failures));
      args.push('--expect-failures', folder.at('expected-failures.yaml'));
    }
    const { code, said } = await command([...args, ...(options.args ?? [])], options);
    // 1 is a verdict, which the report holds.
    if (code !== 0 && code !== 1) throw new UnderstudyError(`nothing was played (exit code ${code}): ${said}`);
    return { passed: code === 0, ...JSON.parse(readFileSync(report, 'utf8')) };
  } finally {
    folder.remove();
  }
}

/**
 * Names as subject a Backstage entity provider, which is run outside Backstage by the driver that comes with this package.
 *
 * @param provider a module as `require` finds it, and which of its exports: `./dist/index.cjs.js#MyProvider`
 * @param configs files of configuration with keys of the provider's own; `${NAME}` in them is a variable
 */
export function providerSubject(provider: string, ...configs: string[]): string {
  const driver = join(__dirname, '..', 'drive-provider.mjs');
  return `exec:${[process.execPath, driver, provider, ...configs].map(shellWord).join(' ')}`;
}

function shellWord(word: string): string {
  if (/^[\w@%+=:,./#\\-]+$/.test(word) && (process.platform === 'win32' || !word.includes('\\'))) return word;
  return process.platform === 'win32' ? `"${word}"` : `'${word.replaceAll("'", `'\\''`)}'`;
}

async function command(args: string[], { env, cwd }: RunOptions): Promise<{ code: string | number; said: string }> {
  const child = spawn(binaryPath(), args, {
    env: { ...process.env, ...env },
    cwd,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', text => (said += text));
  // What is still running when this process ends would be nobody's.
  const end = () => child.kill();
  process.on('exit', end);
  try {
    return await new Promise((resolve, reject) => {
      child.on('error', error => reject(new UnderstudyError(`understudy can't be run: ${error.message}`)));
      child.on('close', (code, signal) => resolve({ code: signal ?? code ?? '', said: said.trim() }));
    });
  } finally {
    process.off('exit', end);
  }
}
