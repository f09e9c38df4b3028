// A stage for the file, a provider for each test.
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { type Stage, startStage } from 'portal-understudy';
import { AcmeProvider } from '../src/provider';

let stage: Stage;
beforeAll(async () => {
  stage = await startStage({ scenario: 'quickstart' });
});
afterEach(() => stage.reset());
afterAll(() => stage.stop());

/** A provider, and the names in the catalog that it fills. */
async function provided() {
  const catalog: string[] = [];
  const provider = new AcmeProvider({
    portal: stage.env.PORTAL_SERVER_URL,
    tokenEndpoint: stage.env.TOKEN_ENDPOINT,
    clientId: stage.env.CLIENT_ID,
    clientSecret: stage.env.CLIENT_SECRET,
  });
  await provider.connect({
    async applyMutation({ entities }) {
      catalog.splice(0, Infinity, ...entities.map(({ entity }) => entity.metadata.name));
    },
  });
  await provider.sync();
  return { provider, catalog };
}

test('what the portal shows is in the catalog', async () => {
  const { catalog } = await provided();
  expect(catalog).toEqual(['acme.petstore-v1', 'acme.tracks-v1']);
});

test('the catalog follows the portal', async () => {
  const { provider, catalog } = await provided();
  await stage.change({ removeProducts: ['tracks'], addVersions: [{ product: 'petstore', version: { name: 'v2' } }] });
  await provider.sync();
  expect(catalog).toEqual(['acme.petstore-v1', 'acme.petstore-v2']);
});

test('an outage of the portal leaves the catalog as it is', async () => {
  const { provider, catalog } = await provided();
  const outage = await stage.fault({ server: 'portal', path: '/v1/apis', does: { status: 503 } });
  await expect(provider.sync()).rejects.toThrow('/apis answered 503');
  expect(catalog).toHaveLength(2);
  await outage.lift();
  await provider.sync();
});

test('a token that has aged is replaced, once', async () => {
  const { provider } = await provided();
  const since = await stage.mark();
  await stage.clock.advance('2h');
  await provider.sync();
  await stage.verify({ server: 'idp', path: '/oauth2/default/v1/token', atLeast: 1, atMost: 1 }, { since });
});
