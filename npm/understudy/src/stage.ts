/// <reference lib="esnext.disposable" preserve="true" />
// A portal and its identity provider, up for a test.
import { readFileSync, writeFileSync } from 'node:fs';
import type { components } from './control-api';
import { Control, type ControlAddress } from './control';
import { UnderstudyError } from './error';
import { Folder } from './folder';
import { type Ready, UpProcess } from './process';
import { StageClock } from './clock';

type Schemas = components['schemas'];
/** What goes wrong, on which requests, how often: what stands behind `fault:` in a scenario. */
export type Fault = Schemas['Fault'];
/** A fault that is in force. */
export type ActiveFault = Schemas['ActiveFault'];
/** A kind of request, and how many of it are wanted. */
export type RequestWish = Schemas['RequestWish'];
/** A request, and what was answered. */
export type Exchange = Schemas['Exchange'];
/** A step of a scenario. */
export type Step = Schemas['Step'];
/** What the portal's owner changes: what stands behind `change:` in a scenario. */
export type Change = Schemas['Change'];
/** Keys that are changed: `{ rotate: 'okta' }`, `{ retire: 'okta' }`. */
export type KeyChange = Schemas['KeyChange'];
/** What becomes of tokens: `'expire'`, `'revoke'`, `{ opaque: true }`, `{ drop: ['exp'] }`, `{ lifetime: '10s' }`. */
export type TokenChange = Schemas['TokenChange'];
/** A scenario, as a file of it holds it. */
export type Scenario = Schemas['ScenarioFile'];
/** The world in short. */
export type World = Schemas['WorldSummary'];
/** Where the stage is after something was done: give `mark` as `since` to what comes later, and `now` as `from`. */
export type Done = Schemas['Done'];
/** Which of the two mocks. */
export type Server = Schemas['Server'];

/** What a stage is started with; each of it may be left out. */
export interface StageOptions {
  /**
   * A bundled scenario's name, the path of a scenario file or of a folder of OpenAPI documents, or the scenario itself, in
   * which `spec` is the document or an absolute path. By default `quickstart`.
   */
  scenario?: string | Scenario;
  /**
   * Serve https, by a certificate authority that is made for this stage, or is kept in the folder `dir`. What must trust it
   * is told by `env`.
   */
  tls?: boolean | { dir: string };
  /** What everything random is drawn with: the same seed gives the same stage. */
  seed?: number;
  /** Ports; any free one where none is given. */
  ports?: { portal?: number; idp?: number; control?: number };
  /** Further options of `understudy up`, such as `['--public-host', 'host.docker.internal']`. */
  args?: string[];
  /** Called with each line that the stage says: one for each request that it answers, and what is wrong. */
  log?: (line: string) => void;
}

/** An issuer of tokens. */
export interface Issuer {
  name: string;
  kind: string;
  issuer: string;
  tokenEndpoint: string;
  jwksUri: string;
}

/** A client of the identity provider. */
export interface Client {
  clientId: string;
  clientSecret?: string;
  redirectUris: string[];
}

/** Which requests of the journal are wanted. */
export interface JournalFilter {
  server?: Server;
  method?: string;
  /** A path, in which `*` is one segment, and `**` at the end all that follow. */
  path?: string;
  /** Only what came after this mark. */
  since?: number;
  limit?: number;
}

/** Starts a portal and its identity provider on free ports. They end with `stop()`, and with this process at the latest. */
export async function startStage(options: StageOptions = {}): Promise<Stage> {
  const folder = new Folder();
  try {
    const args = [scenarioArgument(options.scenario ?? 'quickstart', folder)];
    const { portal = 0, idp = 0, control = 0 } = options.ports ?? {};
    args.push('--portal-port', `${portal}`, '--idp-port', `${idp}`, '--control-port', `${control}`);
    args.push('--env-file', folder.at('portal.env'), '--write-app-config', folder.at('app-config.yaml'));
    if (options.seed !== undefined) args.push('--seed', `${options.seed}`);
    if (options.tls) args.push('--tls', '--tls-dir', options.tls === true ? folder.at('tls') : options.tls.dir);
    if (!options.log) args.push('--quiet');
    const [up, ready] = await UpProcess.start([...args, ...(options.args ?? [])], options.log);
    return new Stage(up, ready, folder);
  } catch (error) {
    folder.remove();
    throw error;
  }
}

function scenarioArgument(scenario: string | Scenario, folder: Folder): string {
  if (typeof scenario === 'string') return scenario;
  const file = folder.at('scenario.json');
  writeFileSync(file, JSON.stringify(scenario));
  return file;
}

/** A running stage. */
export class Stage implements AsyncDisposable {
  /** The Gloo guide's variables for who syncs from here: `PORTAL_URL`, `TOKEN_ENDPOINT`, `CLIENT_ID`, … */
  readonly env: Readonly<Record<string, string>>;
  /** What Backstage is to have in its app-config, for the plugin and for providers that read its keys. */
  readonly appConfig: AppConfig;
  /** The same as a YAML file, there as long as the stage is. */
  readonly appConfigFile: string;
  readonly portal: { url: string; serverUrl: string };
  readonly issuers: Issuer[];
  readonly clients: Client[];
  readonly users: { username: string; password: string }[];
  /** The certificate authority that clients must trust, with `tls`. */
  readonly caFile: string | undefined;
  /** The control API, for what this class has no method for. */
  readonly control: ControlAddress;
  readonly clock: StageClock;

  private readonly api: Control;

  /** @internal */
  constructor(
    private readonly up: UpProcess,
    ready: Ready,
    private readonly folder: Folder,
  ) {
    this.env = variables(readFileSync(folder.at('portal.env'), 'utf8'));
    this.appConfig = appConfig(this.env);
    this.appConfigFile = folder.at('app-config.yaml');
    this.portal = { url: ready.portal.url, serverUrl: ready.portal.server_url };
    this.issuers = ready.issuers.map(({ name, kind, issuer, token_endpoint, jwks_uri }) => {
      return { name, kind, issuer, tokenEndpoint: token_endpoint, jwksUri: jwks_uri };
    });
    this.clients = ready.clients.map(({ client_id, client_secret, redirect_uris }) => {
      return { clientId: client_id, clientSecret: client_secret, redirectUris: redirect_uris };
    });
    this.users = ready.users;
    this.caFile = ready.ca_file;
    this.control = ready.control;
    this.api = new Control(ready.control, () => up.ended());
    this.clock = new StageClock(this.api);
  }

  /** Has something go wrong from now on, until it is lifted. */
  async fault(fault: Fault): Promise<FaultHandle> {
    const { id, mark, now } = await this.api.ask<Schemas['Injected']>('POST', '/faults', fault);
    return new FaultHandle(this.api, id, mark, now);
  }

  /** The faults that are in force. */
  async faults(): Promise<ActiveFault[]> {
    return (await this.api.ask<Schemas['FaultList']>('GET', '/faults')).faults;
  }

  /** Ends all faults, or those of one name, and says how many. */
  async lift(name?: string): Promise<number> {
    return (await this.api.ask<Schemas['Lifted']>('DELETE', '/faults', undefined, { name })).lifted;
  }

  /** What was asked and answered, the oldest first. */
  async journal(filter: JournalFilter = {}): Promise<Exchange[]> {
    const exchanges: Exchange[] = [];
    const { limit = Infinity, ...rest } = filter;
    for (let since = filter.since ?? 0; ; ) {
      const wanted = Math.min(limit - exchanges.length, PAGE);
      const page = await this.page({ ...rest, since, limit: wanted });
      exchanges.push(...page.exchanges);
      if (page.exchanges.length < wanted || exchanges.length >= limit) return exchanges;
      since = page.mark;
    }
  }

  /** Where the journal is now: what comes later comes `since` then. */
  async mark(): Promise<number> {
    // None has this method, so that the mark is that of the whole journal.
    return (await this.page({ method: 'NONE' })).mark;
  }

  /** Waits for a request that is answered after `since`, one that was there before it is waited for too. */
  async waitFor(kind: RequestWish, options: { since?: number; timeout?: string } = {}): Promise<Exchange> {
    return this.api.ask('POST', '/journal/wait', { kind, ...options });
  }

  /**
   * Sees to it that as many requests came as are wanted, since a mark or since the start.
   *
   * @throws UnderstudyError that tells which did not, with the requests that did come.
   */
  async verify(requests: RequestWish | RequestWish[], since: { since?: number; from?: string } = {}): Promise<void> {
    const wishes = Array.isArray(requests) ? requests : [requests];
    const verdict = await this.api.ask<Schemas['Verdict']>('POST', '/verify', { requests: wishes, ...since });
    if (verdict.passed) return;
    const came = (await this.journal({ since: since.since })).map(line);
    const list = came.length ? ['These requests came:', ...came] : ['No request came.'];
    throw new UnderstudyError([...verdict.findings, ...list].join('\n'));
  }

  /** Plays steps of a scenario, one after the other. */
  async steps(...steps: Step[]): Promise<Done | undefined> {
    let done: Done | undefined;
    for (const step of steps) done = await this.api.ask<Done>('POST', '/steps', step);
    return done;
  }

  /** Changes what the portal shows. The next request sees all of it. */
  async change(change: Change): Promise<Done> {
    return this.api.ask('POST', '/world/changes', change);
  }

  /** The world in short. */
  async world(): Promise<World> {
    return this.api.ask('GET', '/world');
  }

  /** Puts a scenario's world in the place of this one. Its steps are not played. */
  async replaceWorld(scenario: Scenario): Promise<Done> {
    return this.api.ask('PUT', '/world', scenario);
  }

  /** Changes the keys that tokens are signed with. */
  async keys(change: KeyChange): Promise<Done> {
    return this.api.ask('POST', '/keys', change);
  }

  /** Ends tokens before their time, or changes those to come. */
  async tokens(change: TokenChange): Promise<Done> {
    return this.api.ask('POST', '/tokens', change);
  }

  /** Starts one of the mocks anew: connections and caches go, its world and its keys stay. */
  async restart(server: Server): Promise<Done> {
    return this.api.ask('POST', '/restarts', server);
  }

  /** World, keys and clock as at the start, no faults, an empty journal: for the next test. */
  async reset(): Promise<Done> {
    return this.api.ask('POST', '/reset');
  }

  /** Ends the stage. */
  async stop(): Promise<void> {
    await this.up.stop();
    this.folder.remove();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  private async page(filter: JournalFilter): Promise<Schemas['Page']> {
    return this.api.ask('GET', '/journal', undefined, { ...filter });
  }
}

/** A fault that was injected. */
export class FaultHandle implements AsyncDisposable {
  /** @internal */
  constructor(
    private readonly api: Control,
    readonly id: number,
    /** Where the journal was when it began: `since` for what came after. */
    readonly mark: number,
    /** When it began, on the stage's clock. */
    readonly now: string,
  ) {}

  /** Ends it; again, or after its own end, does nothing. */
  async lift(): Promise<void> {
    try {
      await this.api.ask('DELETE', `/faults/${this.id}`);
    } catch (error) {
      if (!(error instanceof UnderstudyError && error.code === NO_SUCH_FAULT)) throw error;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.lift();
  }
}

/** How many exchanges are asked for at once. */
const PAGE = 1000;
const NO_SUCH_FAULT = 'no-such-fault';

/** The part of Backstage's configuration that the plugin reads. */
export interface AppConfig {
  glooPlatformPortal: {
    backend: {
      portalServerUrl: string;
      tokenEndpoint: string;
      clientId: string;
      clientSecret: string;
      syncFrequency: Period;
      syncTimeout: Period;
      debugLogging: boolean;
    };
  };
}

interface Period {
  hours: number;
  minutes: number;
  seconds: number;
  milliseconds: number;
}

function appConfig(env: Record<string, string>): AppConfig {
  const period = (seconds: number) => ({ hours: 0, minutes: 0, seconds, milliseconds: 0 });
  const backend = {
    portalServerUrl: env.PORTAL_SERVER_URL!,
    tokenEndpoint: env.TOKEN_ENDPOINT!,
    clientId: env.CLIENT_ID!,
    clientSecret: env.CLIENT_SECRET!,
    syncFrequency: period(10),
    syncTimeout: period(5),
    debugLogging: false,
  };
  return { glooPlatformPortal: { backend } };
}

/** What a file of `NAME=value` lines says, each value a word as a shell reads it. */
function variables(text: string): Record<string, string> {
  const lines = text.split('\n').filter(line => line !== '');
  return Object.fromEntries(
    lines.map(line => {
      const [, name, word] = /^([^=]+)=(.*)$/.exec(line)!;
      return [name, word!.startsWith("'") ? word!.slice(1, -1).replaceAll(`'\\''`, "'") : word];
    }),
  );
}

function line({ number, server, method, path, status, refusal, faults }: Exchange): string {
  const more = [refusal, ...(faults ?? []).map(fault => `fault ${fault}`)].filter(Boolean).join(', ');
  return `  ${number} ${server} ${method} ${path} ${status ?? 'no answer'}${more && ` (${more})`}`;
}
