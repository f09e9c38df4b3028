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

interface Product {
  apiVersions: { apiId: string }[];
}

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
    const products = await this.ask<Product[]>('/apis');
    const versions = products.flatMap(({ apiVersions }) => apiVersions);
    const entities = await Promise.all(versions.map(({ apiId }) => this.entity(apiId)));
    await this.connection?.applyMutation({ type: 'full', entities: entities.map(entity => ({ entity, locationKey: 'acme' })) });
  }

  private async entity(apiId: string): Promise<Entity> {
    const definition = await this.ask<unknown>(`/apis/${encodeURIComponent(apiId)}/schema`);
    const location = `url:${this.options.portal}`;
    const annotations = {
      'backstage.io/managed-by-location': location,
      'backstage.io/managed-by-origin-location': location,
    };
    return {
      apiVersion: 'backstage.io/v1alpha1',
      kind: 'API',
      metadata: { name: `acme.${apiId}`, title: apiId, annotations },
      spec: { type: 'openapi', lifecycle: 'production', owner: 'acme', definition: JSON.stringify(definition) },
    };
  }

  private async ask<T>(path: string): Promise<T> {
    const get = async () => {
      const headers = { authorization: `Bearer ${(this.token ??= await this.newToken())}` };
      return fetch(this.options.portal + path, { headers });
    };
    let answer = await get();
    if (answer.status === 401) {
      // It may have aged.
      this.token = undefined;
      answer = await get();
    }
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}`);
    return answer.json() as Promise<T>;
  }

  private async newToken(): Promise<string> {
    const body = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: this.options.clientId,
      client_secret: this.options.clientSecret,
    });
    const answer = await fetch(this.options.tokenEndpoint, { method: 'POST', body });
    if (!answer.ok) throw new Error(`the token endpoint answered ${answer.status}`);
    const { access_token } = (await answer.json()) as { access_token: string };
    return access_token;
  }
}
