// A provider as many are written: what it could not read is gone.
export class Deletes {
  constructor(logger, config, scheduler) {
    this.config = config.getConfig('glooPlatformPortal.backend');
    scheduler.scheduleTask({ id: 'refresh', frequency: { minutes: 5 }, timeout: { seconds: 5 }, fn: () => this.run() });
  }

  getProviderName() {
    return 'deletes';
  }

  async connect(connection) {
    this.connection = connection;
  }

  async run() {
    const products = await this.read();
    const location = `url:${this.config.getString('portalServerUrl')}`;
    const annotations = {
      'backstage.io/managed-by-location': location,
      'backstage.io/managed-by-origin-location': location,
    };
    const entities = products
      .flatMap(({ apiVersions }) => apiVersions)
      .map(({ apiId, spec }) => ({
        entity: {
          apiVersion: 'backstage.io/v1alpha1',
          kind: 'API',
          metadata: { name: apiId, title: apiId, annotations },
          spec: { type: 'openapi', lifecycle: 'production', owner: 'platform', definition: JSON.stringify(spec) },
        },
      }));
    await this.connection.applyMutation({ type: 'full', entities });
  }

  async read() {
    const body = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: this.config.getString('clientId'),
      client_secret: this.config.getString('clientSecret'),
    });
    const { access_token } = await (
      await fetch(this.config.getString('tokenEndpoint'), { method: 'POST', body })
    ).json();
    const headers = { authorization: `Bearer ${access_token}` };
    const ask = async path => {
      const answer = await fetch(`${this.config.getString('portalServerUrl')}${path}`, { headers });
      return answer.ok ? answer.json() : [];
    };
    const products = await ask('/apis');
    for (const product of products) {
      for (const version of product.apiVersions) version.spec = await ask(`/apis/${version.apiId}/schema`);
    }
    return products;
  }
}
