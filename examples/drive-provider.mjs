// Runs a Backstage `EntityProvider` outside Backstage: it gets the config, logger and scheduler that Backstage would give
// it, and what it hands to the catalog is printed. Plain Node 18 or later, nothing to install.
//
//   understudy run --suite hazards --subject 'exec:node drive-provider.mjs ./dist/index.cjs.js#MyProvider'
//
// MODULE is a file, a folder or a package, as `require` finds it from here. EXPORT may be
//   a class with a static `fromConfig`:  EXPORT.fromConfig(config, { logger, scheduler, schedule })
//   any other class:                     new EXPORT(logger, config, scheduler)
//   a function, for all other ways:      EXPORT({ logger, config, scheduler, schedule })
// and the last may answer with one provider or a list. Left out, it is `create`, or the only provider in the module.
//
// The config is the file that UNDERSTUDY_APP_CONFIG names, or else is made from the Gloo guide's variables. CONFIG files
// after MODULE go over it, as Backstage's later `--config` do; in them `${NAME}` is an environment variable. They are
// JSON, or YAML of mappings, text, numbers and booleans.
//
// By itself it syncs once and prints the mutation. With UNDERSTUDY_KEEP=1 it goes on, syncs at each line `sync` on its
// standard input, and answers each with a line of JSON: {"mutations": […]}, with an "error" or without.
// DRIVE_PATIENCE_MS, 2000 by default, is how long the provider may take to schedule its sync. All that it logs, or
// prints, goes to the standard error.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { format, inspect } from 'node:util';

const usage = 'usage: node drive-provider.mjs MODULE[#EXPORT] [CONFIG..]';

// What the provider prints must not be taken for an answer.
const print = process.stdout.write.bind(process.stdout);
process.stdout.write = process.stderr.write.bind(process.stderr);
const say = text => process.stderr.write(`${text}\n`);

// ---- what Backstage would give it

/** Backstage's `Config`, as `@backstage/config` reads values. */
class Config {
  #data;
  #prefix;

  constructor(data, prefix = '') {
    this.#data = data;
    this.#prefix = prefix;
  }

  #read(key, expected, accepts) {
    const value = this.getOptional(key);
    if (value === undefined || value === null) return undefined;
    if (!accepts(value)) {
      const found = value === '' ? 'empty-string' : Array.isArray(value) ? 'array' : typeof value;
      throw new Error(`Invalid type in config for key '${this.#prefix}${key}', got ${found}, wanted ${expected}`);
    }
    return value;
  }

  #required(key, value) {
    if (value === undefined) throw new Error(`Missing required config value at '${this.#prefix}${key}'`);
    return value;
  }

  has(key) {
    return this.getOptional(key) !== undefined;
  }

  keys() {
    return Object.keys(this.#data ?? {});
  }

  getOptional(key) {
    if (key === undefined || key === '') return this.#data;
    const names = key.split('.');
    return names.reduce((value, name) => (isMapping(value) ? value[name] : undefined), this.#data);
  }

  getOptionalString(key) {
    return this.#read(key, 'string', value => typeof value === 'string' && value !== '');
  }

  getOptionalNumber(key) {
    const value = this.#read(key, 'number', given => ['number', 'string'].includes(typeof given));
    if (value === undefined) return undefined;
    const number = String(value).trim() === '' ? NaN : Number(value);
    if (!Number.isFinite(number)) {
      throw new Error(`Unable to convert config value for key '${this.#prefix}${key}' to a number`);
    }
    return number;
  }

  getOptionalBoolean(key) {
    const value = this.#read(key, 'boolean', given => ['boolean', 'number', 'string'].includes(typeof given));
    if (value === undefined) return undefined;
    if (/^(y|yes|true|1|on)$/i.test(String(value).trim())) return true;
    if (/^(n|no|false|0|off)$/i.test(String(value).trim())) return false;
    throw new Error(`Unable to convert config value for key '${this.#prefix}${key}' to a boolean`);
  }

  getOptionalStringArray(key) {
    return this.#read(key, 'string-array', value => Array.isArray(value) && value.every(item => typeof item === 'string'));
  }

  getOptionalConfig(key) {
    const value = this.#read(key, 'object', isMapping);
    return value && new Config(value, `${this.#prefix}${key}.`);
  }

  getOptionalConfigArray(key) {
    const value = this.#read(key, 'object-array', given => Array.isArray(given) && given.every(isMapping));
    return value?.map((item, index) => new Config(item, `${this.#prefix}${key}[${index}].`));
  }
}
for (const kind of ['', 'String', 'Number', 'Boolean', 'StringArray', 'Config', 'ConfigArray']) {
  Config.prototype[`get${kind}`] = function get(key) {
    const value = this[`getOptional${kind}`](key);
    if (value === undefined) throw new Error(`Missing required config value at '${key}'`);
    return value;
  };
}

function loggerWith(meta) {
  const at = level => (message, more) => {
    const all = { ...meta, ...(isMapping(more) ? more : {}) };
    const tail = Object.keys(all).length ? ` ${inspect(all, { breakLength: Infinity })}` : '';
    say(`${level}: ${format(message)}${tail}`);
  };
  const levels = Object.fromEntries(['error', 'warn', 'info', 'debug'].map(level => [level, at(level)]));
  return { ...levels, child: more => loggerWith({ ...meta, ...more }) };
}

/** Runs nothing by itself: a sync runs all that was scheduled. */
class Scheduler {
  tasks = new Map();

  async scheduleTask({ id, fn, timeout }) {
    this.tasks.set(id, () => fn(signalAfter(timeout)));
    wake();
  }

  createScheduledTaskRunner(schedule) {
    return { run: task => this.scheduleTask({ ...schedule, ...task }) };
  }

  async triggerTask(id) {
    const task = this.tasks.get(id);
    if (!task) throw Object.assign(new Error(`Task ${id} does not exist`), { name: 'NotFoundError' });
    await task();
  }

  async cancelTask() {}

  async getScheduledTasks() {
    return [...this.tasks.keys()].map(id => ({ id, scope: 'local', settings: {} }));
  }
}

/** Aborted when the task's time is over, as in Backstage, which waits for the task all the same. */
function signalAfter({ hours = 0, minutes = 0, seconds = 0, milliseconds = 0 } = {}) {
  const limit = ((hours * 60 + minutes) * 60 + seconds) * 1000 + milliseconds;
  return limit > 0 ? AbortSignal.timeout(limit) : new AbortController().signal;
}

// ---- what comes of it

/** Mutations as text, since a provider may go on to change what it has handed over. */
let mutations = [];
let errors = [];
let wake = () => {};

const connection = {
  async applyMutation(mutation) {
    mutations.push(JSON.stringify(mutation));
    wake();
  },
  async refresh() {},
};

// In Backstage these end in its log; here they are what became of the sync.
for (const event of ['unhandledRejection', 'uncaughtException']) {
  process.on(event, error => {
    errors.push(messageOf(error));
    say(`error: ${error?.stack ?? inspect(error)}`);
    wake();
  });
}

async function sync(scheduler) {
  const hasBegun = () => scheduler.tasks.size > 0 || mutations.length > 0 || errors.length > 0;
  const patience = Number(process.env.DRIVE_PATIENCE_MS ?? 2000);
  if (!hasBegun()) {
    await new Promise(resolve => {
      const timer = setTimeout(resolve, patience);
      wake = () => {
        if (!hasBegun()) return;
        clearTimeout(timer);
        resolve();
      };
    });
    wake = () => {};
  }
  if (scheduler.tasks.size === 0 && mutations.length === 0) {
    errors.unshift('the provider has scheduled no sync');
  }
  for (const task of scheduler.tasks.values()) {
    try {
      await task();
    } catch (error) {
      errors.push(messageOf(error));
      say(`error: ${error?.stack ?? inspect(error)}`);
    }
  }
  // Rejections are told of only after the promises that they come from.
  await new Promise(resolve => setImmediate(resolve));
  const outcome = { mutations, error: errors.length ? errors.join('; ') : undefined };
  [mutations, errors] = [[], []];
  return outcome;
}

function messageOf(error) {
  const message = error instanceof Error ? `${error.message}` : inspect(error);
  // `fetch failed` says nothing without its cause.
  const cause = error?.cause ? `: ${error.cause.message || error.cause.code || error.cause}` : '';
  return message + cause;
}

// ---- the provider

async function load(argument) {
  const [name, exported] = argument.split('#');
  const require = createRequire(path.join(process.cwd(), 'here.js'));
  const loaded = await import(pathToFileURL(require.resolve(name)));
  const members = { ...loaded.default, ...loaded };
  if (exported) {
    const found = members[exported];
    if (typeof found === 'function') return found;
    throw new Error(`${name} exports no class or function ${exported}; it exports ${Object.keys(members).join(', ')}`);
  }
  const providers = Object.values(members).filter(member => typeof member?.prototype?.connect === 'function');
  if (typeof members.create === 'function') return members.create;
  if (new Set(providers).size === 1) return providers[0];
  throw new Error(`say which provider of ${name} to run: ${name}#${Object.keys(members).join(' or #')}`);
}

async function construct(exported, given) {
  const { logger, config, scheduler } = given;
  if (typeof exported.fromConfig === 'function') return exported.fromConfig(config, given);
  if (typeof exported.prototype?.connect === 'function') return new exported(logger, config, scheduler);
  return exported(given);
}

// ---- its config

function configFrom(files) {
  const { UNDERSTUDY_APP_CONFIG: given, ...variables } = process.env;
  const base = given
    ? parse(given)
    : {
        glooPlatformPortal: {
          backend: {
            portalServerUrl: variables.PORTAL_SERVER_URL,
            tokenEndpoint: variables.TOKEN_ENDPOINT,
            clientId: variables.CLIENT_ID,
            clientSecret: variables.CLIENT_SECRET,
          },
        },
      };
  return new Config(files.map(parse).reduce(merge, base));
}

function isMapping(value) {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function merge(under, over) {
  if (!isMapping(under) || !isMapping(over)) return over === undefined ? under : over;
  const keys = new Set([...Object.keys(under), ...Object.keys(over)]);
  return Object.fromEntries([...keys].map(key => [key, merge(under[key], over[key])]));
}

function parse(file) {
  const text = readFileSync(file, 'utf8');
  return substitute(/^\s*\{/.test(text) ? JSON.parse(text) : parseYaml(text, file));
}

/** The YAML of an app-config that has no lists: mappings by indentation, with scalars on their own line. */
function parseYaml(text, file) {
  const root = {};
  const open = [{ indent: -1, mapping: root }];
  text.split(/\r?\n/).forEach((line, index) => {
    if (/^\s*(#.*)?$/.test(line) || line === '---') return;
    const cant = why => new Error(`${file}, line ${index + 1}: ${why}; write it as JSON`);
    const [, spaces, key, rest] = /^( *)("(?:[^"\\]|\\.)*"|'[^']*'|[^\s'"#:-][^:]*):(?: +(.*))?$/.exec(line) ?? [];
    if (key === undefined) throw cant('only `key: value` is read here');
    while (open.at(-1).indent >= spaces.length) open.pop();
    const { mapping } = open.at(-1);
    if (!isMapping(mapping)) throw cant('this is indented below a value');
    const name = scalar(key, cant);
    const value = (rest ?? '').replace(/^#.*$/, '').trim();
    mapping[name] = value === '' ? {} : scalar(value, cant);
    open.push({ indent: spaces.length, mapping: mapping[name] });
  });
  return root;
}

function scalar(text, cant) {
  const [, double, single, plain] = /^(?:("(?:[^"\\]|\\.)*")|'((?:[^']|'')*)'|(.*?))\s*(?:\s#.*)?$/.exec(text);
  if (double !== undefined) return JSON.parse(double);
  if (single !== undefined) return single.replaceAll("''", "'");
  if (/^[[{&*!|>%@`]/.test(plain) && plain !== '{}') throw cant('only plain and quoted text is read here');
  if (plain === '{}') return {};
  if (/^(true|false)$/i.test(plain)) return plain.toLowerCase() === 'true';
  if (/^(null|~)$/i.test(plain)) return null;
  return /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(plain) ? Number(plain) : plain;
}

/** As Backstage: `${NAME}` and `${NAME:-otherwise}`; a value with an unset one is left out; `$${` is a literal `${`. */
function substitute(value) {
  if (Array.isArray(value)) return value.map(substitute).filter(item => item !== undefined);
  if (isMapping(value)) return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, substitute(member)]));
  if (typeof value !== 'string') return value;
  let isUnset = false;
  const text = value.replace(/\$?\$\{([^{}]*)\}/g, (match, inner) => {
    if (match.startsWith('$$')) return match.slice(1);
    const [name, otherwise] = inner.split(/:-(.*)/s);
    const found = process.env[name.trim()] || otherwise;
    isUnset ||= found === undefined;
    return found ?? '';
  });
  return isUnset ? undefined : text;
}

// ---- the run

/** Ends this process, whatever timers the provider has set, once all is written. */
const end = code => print('', () => process.stderr.write('', () => process.exit(code)));

function lineOf({ mutations: applied, error }) {
  return `{"mutations":[${applied.join(',')}]${error === undefined ? '' : `,"error":${JSON.stringify(error)}`}}`;
}

async function main() {
  const [argument, ...files] = process.argv.slice(2);
  if (!argument) throw new Error(usage);
  const [scheduler, logger, config] = [new Scheduler(), loggerWith({}), configFrom(files)];
  const schedule = scheduler.createScheduledTaskRunner({ frequency: { minutes: 5 }, timeout: { seconds: 30 } });
  const made = await construct(await load(argument), { logger, config, scheduler, schedule });
  for (const provider of [made].flat()) await provider.connect(connection);

  if (process.env.UNDERSTUDY_KEEP !== '1') {
    const outcome = await sync(scheduler);
    if (outcome.error !== undefined && outcome.mutations.length === 0) {
      say(outcome.error);
      return end(1);
    }
    const isOne = outcome.mutations.length === 1 && outcome.error === undefined;
    print(`${isOne ? outcome.mutations[0] : lineOf(outcome)}\n`);
    return end(0);
  }
  let last = Promise.resolve();
  for await (const line of createInterface({ input: process.stdin })) {
    if (line.trim() === 'sync') {
      last = last.then(async () => print(`${lineOf(await sync(scheduler))}\n`));
    }
  }
  await last;
  return end(0);
}

main().catch(error => {
  say(`error: ${messageOf(error)}`);
  end(1);
});
