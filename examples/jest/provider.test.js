const { up } = require('./stage');
const { sync } = require('./provider'); // yours

let stage;
beforeAll(async () => (stage = await up('quickstart')));
afterAll(() => stage.down());

test('a sync brings the APIs that the portal shows', async () => {
  const [{ client_id, client_secret }] = stage.clients;
  const entities = await sync({ portal: stage.portal.server_url, tokenEndpoint: stage.issuers[0].token_endpoint, client_id, client_secret });
  expect(entities.map(entity => entity.metadata.name)).toEqual(['petstore-v1', 'tracks-v1']);
});
