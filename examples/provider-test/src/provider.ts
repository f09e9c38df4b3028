// Stands for the provider that you test: a token, the list, a document and an entity for each version.

/** What Backstage hands over; in a provider of yours these come from its packages. */
export interface Config {
  getString(key: string): string;
}
export interface Connection {
  applyMutation(mutation: { type: 'full'; entities: { entity: Entity; locationKey?: string }[] }): Promise<void>;
}
export interface TaskRunner {
  run(task: { id: string; fn: () => Promise<void> }): Promise<void>;
}
export interface Entity {
  apiVersion: string;
  kind: string;
  metadata: { name: string; title: string; annotations: Record<string, string> };
  spec: Record<string, string>;
}

export interface Options {
  /** Where the portal is, with `/v1`. */
  portal: string;
  tokenEndpoint: string;
  clientId: string;
  clientSecret: string;
}

/** A version, by the id that the portal has for it. */
interface Version {
  apiId: string;
  document: unknown;
}

/** A version in the list of a Gloo Mesh Gateway portal. */
interface ListedVersion {
  apiId: string;
}

/** How long one request may take. */
const PATIENCE_MS = 5000;
const AT_ONCE = 8;

export class AcmeProvider {
  private connection?: Connection;
  private token?: string;

  constructor(private readonly options: Options) {}

  static fromConfig(config: Config, { schedule }: { schedule: TaskRunner }): AcmeProvider {
    const read = (key: string) => config.getString(`glooPlatformPortal.backend.${key}`);
    const provider = new AcmeProvider({
      portal: read('portalServerUrl'),
      tokenEndpoint: read('tokenEndpoint'),
      clientId: read('clientId'),
      clientSecret: read('clientSecret'),
    });
    void schedule.run({ id: 'acme-refresh', fn: () => provider.sync() });
    return provider;
  }

  getProviderName(): string {
    return 'acme';
  }

  async connect(connection: Connection): Promise<void> {
    this.connection = connection;
  }

  /** Reads all, and only then tells the catalog: what can't be read changes nothing. */
  async sync(): Promise<void> {
    const versions = (await this.meshVersions()) ?? (await this.gatewayVersions());
    const entities = versions.map(version => ({ entity: this.entity(version), locationKey: 'acme' }));
    await this.connection?.applyMutation({ type: 'full', entities });
  }

  /** The versions of a Gloo Mesh Gateway portal; nothing where it is no such portal. */
  private async meshVersions(): Promise<Version[] | undefined> {
    const products = await this.ask<(ListedVersion & { apiVersions?: ListedVersion[] })[]>('/apis');
    if (!products) return undefined;
    // Older portals list the versions themselves.
    const versions = products.flatMap(product => product.apiVersions ?? [product]);
    if (!versions.every(version => version?.apiId)) throw new Error('/apis lists something that is no version');
    return each(versions, async ({ apiId }) => {
      return { apiId, document: await this.ask(`/apis/${encodeURIComponent(apiId)}/schema`) };
    });
  }

  /** The versions of a Gloo Gateway portal. */
  private async gatewayVersions(): Promise<Version[]> {
    const products = await this.needed<{ id: string }[]>('/api-products');
    const versions = await each(products, async ({ id }) => {
      const path = `/api-products/${encodeURIComponent(id)}/versions`;
      const listed = await this.needed<{ name: string; apiSpec?: unknown }[]>(path);
      return listed.map(({ name, apiSpec }) => ({ apiId: `${id}-${name}`, document: apiSpec }));
    });
    return versions.flat();
  }

  private entity({ apiId, document }: Version): Entity {
    const location = `url:${this.options.portal}`;
    const annotations = {
      'backstage.io/managed-by-location': location,
      'backstage.io/managed-by-origin-location': location,
    };
    return {
      apiVersion: 'backstage.io/v1alpha1',
      kind: 'API',
      metadata: { name: `acme.${apiId}`, title: apiId, annotations },
      spec: { type: 'openapi', lifecycle: 'production', owner: 'acme', definition: JSON.stringify(document ?? {}) },
    };
  }

  private async needed<T>(path: string): Promise<T> {
    const answer = await this.ask<T>(path);
    if (!answer) throw new Error(`${path} is not there`);
    return answer;
  }

  /** What is at this path; nothing where there is nothing. */
  private async ask<T>(path: string): Promise<T | undefined> {
    const get = async () => {
      const headers = { authorization: `Bearer ${(this.token ??= await this.newToken())}` };
      return fetch(this.options.portal + path, { headers, signal: AbortSignal.timeout(PATIENCE_MS) });
    };
    let answer = await get();
    if (answer.status === 401) {
      // It may have aged.
      this.token = undefined;
      answer = await get();
    }
    if (answer.status === 404) return undefined;
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}`);
    return answer.json() as Promise<T>;
  }

  private async newToken(): Promise<string> {
    const body = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: this.options.clientId,
      client_secret: this.options.clientSecret,
    });
    const answer = await fetch(this.options.tokenEndpoint, {
      method: 'POST',
      body,
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    if (!answer.ok) throw new Error(`the token endpoint answered ${answer.status}`);
    const { access_token } = (await answer.json()) as { access_token: string };
    return access_token;
  }
}

/** Asks for each, a few at a time: more would only wait for one another. */
async function each<T, R>(items: T[], ask: (item: T) => Promise<R>): Promise<R[]> {
  const answers: R[] = [];
  for (let at = 0; at < items.length; at += AT_ONCE) {
    answers.push(...(await Promise.all(items.slice(at, at + AT_ONCE).map(ask))));
  }
  return answers;
}
