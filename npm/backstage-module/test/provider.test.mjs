// The provider against a server whose answers are set by the test, and a catalog that takes down what it is told.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { describe, test } from 'node:test';
import { ConfigReader } from '@backstage/config';
import { GlooPortalProvider } from '../dist/index.js';

const api = (name, definition = '{}') => `---
apiVersion: backstage.io/v1alpha1
kind: API
metadata: { name: ${name} }
spec: { type: openapi, lifecycle: production, owner: team, definition: '${definition}' }
`;

/** A provider that has been connected, its server, and what it has told. */
async function given(t, backend = {}) {
  const stand = { answer: { body: api('petstore-v1') }, asked: [], mutations: [], said: [] };
  const server = createServer((request, response) => {
    stand.asked.push(request.headers['if-none-match']);
    const { status = 200, body = '', headers = {}, never } = stand.answers?.shift() ?? stand.answer;
    if (never) return;
    const etag = `"${createHash('sha1').update(body).digest('hex')}"`;
    const isKnown = status === 200 && request.headers['if-none-match'] === etag;
    response.writeHead(isKnown ? 304 : status, { etag, ...headers }).end(isKnown ? undefined : body);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  t.after(() => (server.closeAllConnections(), server.close()));
  const url = `http://127.0.0.1:${server.address().port}/catalog-info.yaml`;
  const config = new ConfigReader({ glooPlatformPortal: { catalog: { url }, backend } });
  const say = level => message => {
    stand.said.push(`${level}: ${message.replaceAll(url, 'URL')}`);
    if (level === 'warn') stand.onWarning?.();
  };
  const logger = { info: say('info'), warn: say('warn'), debug: say('debug') };
  const scheduler = { scheduleTask: async task => (stand.task = task) };
  const provider = GlooPortalProvider.fromConfig(config, { logger, scheduler });
  await provider.connect({
    async applyMutation(mutation) {
      if (stand.refuses) throw new Error('the database is locked');
      stand.mutations.push(mutation);
    },
  });
  return Object.assign(stand, { sync: signal => stand.task.fn(signal ?? new AbortController().signal), server });
}

/** A mutation in short. */
const short = mutation => {
  const names = list => list.map(({ entity, entityRef }) => entityRef ?? entity.metadata.name);
  return mutation.type === 'full'
    ? { full: names(mutation.entities) }
    : { added: names(mutation.added), removed: names(mutation.removed) };
};

describe('the provider', { concurrency: true }, () => {
  test('tells all at first, so that what the catalog kept from before is compared too', async t => {
    const stand = await given(t);
    await stand.sync();
    assert.deepEqual(stand.mutations.map(short), [{ full: ['petstore-v1'] }]);
    const [{ entity, locationKey }] = stand.mutations[0].entities;
    assert.equal(locationKey, 'gloo-platform-portal-provider');
    assert.match(entity.metadata.annotations['backstage.io/managed-by-location'], /^url:http:.*catalog-info\.yaml$/);
  });

  test('tells nothing where nothing has changed, and asks with the tag of what it has', async t => {
    const stand = await given(t);
    await stand.sync();
    await stand.sync();
    assert.equal(stand.mutations.length, 1);
    assert.match(stand.asked[1], /^".+"$/);
  });

  test('tells only what has changed', async t => {
    const stand = await given(t);
    stand.answer.body = api('one') + api('two') + api('three');
    await stand.sync();
    stand.answer.body = api('one') + api('two', '{"changed": true}') + api('four');
    await stand.sync();
    assert.deepEqual(short(stand.mutations[1]), { added: ['two', 'four'], removed: ['api:default/three'] });
    assert.equal(stand.mutations[1].removed[0].locationKey, 'gloo-platform-portal-provider');
  });

  test('tells nothing where only the text has changed', async t => {
    const stand = await given(t);
    await stand.sync();
    stand.answer.body += '# a remark\n';
    await stand.sync();
    assert.equal(stand.mutations.length, 1);
  });

  const bad = {
    'an error': { status: 500, body: 'broken' },
    'an empty document': { body: '' },
    'a page of HTML': { body: '<html><body>Sign in</body></html>' },
    'no YAML': { body: 'a: [' },
    'an entity without a name': { body: 'apiVersion: v1\nkind: API\nmetadata: {}\n' },
    'an entity twice': { body: api('petstore-v1') + api('petstore-v1') },
  };
  for (const [what, answer] of Object.entries(bad)) {
    test(`changes nothing for ${what}, tells of it once, and goes on`, async t => {
      const stand = await given(t);
      await stand.sync();
      const good = stand.answer;
      stand.answer = answer;
      await stand.sync();
      await stand.sync();
      assert.equal(stand.mutations.length, 1);
      const warned = stand.said.filter(line => line.startsWith('warn'));
      assert.equal(warned.length, 1, stand.said.join('\n'));
      assert.match(warned[0], /^warn: URL .*; the catalog stays as it is$/);
      stand.answer = { body: good.body + api('tracks-v1') };
      await stand.sync();
      assert.deepEqual(short(stand.mutations[1]), { added: ['tracks-v1'], removed: [] });
      assert.ok(stand.said.includes('info: URL is readable again'));
    });
  }

  test('asks again while there is nothing yet', async t => {
    const stand = await given(t);
    stand.answers = [{ status: 503, body: 'no good sync yet', headers: { 'retry-after': '0' } }];
    await stand.sync();
    assert.equal(stand.asked.length, 2);
    assert.deepEqual(stand.mutations.map(short), [{ full: ['petstore-v1'] }]);
    assert.equal(stand.said[0], 'warn: URL answered 503: no good sync yet; the catalog stays as it is');
  });

  test('gives up when the time of a sync is over', async t => {
    const stand = await given(t, { syncTimeout: { milliseconds: 50 } });
    stand.answer = { never: true };
    await stand.sync();
    assert.deepEqual(stand.said, ['warn: URL did not answer within 50 ms; the catalog stays as it is']);
  });

  test('changes nothing while nobody answers', async t => {
    const stand = await given(t);
    await stand.sync();
    stand.server.closeAllConnections();
    stand.server.close();
    const patience = new AbortController();
    stand.onWarning = () => patience.abort();
    await stand.sync(patience.signal);
    assert.equal(stand.mutations.length, 1);
    assert.match(stand.said.at(-1), /^warn: URL can't be reached: .*; the catalog stays as it is$/);
  });

  test('tells all again after the catalog has refused something', async t => {
    const stand = await given(t);
    await stand.sync();
    stand.refuses = true;
    stand.answer.body += api('tracks-v1');
    await stand.sync();
    stand.refuses = false;
    await stand.sync();
    assert.deepEqual(stand.mutations.map(short).at(-1), { full: ['petstore-v1', 'tracks-v1'] });
  });

  test('tells all again from time to time', async t => {
    const stand = await given(t);
    await stand.sync();
    const { now } = Date;
    t.mock.method(Date, 'now', () => now() + 3_600_000);
    await stand.sync();
    assert.deepEqual(stand.mutations.map(short), [{ full: ['petstore-v1'] }, { full: ['petstore-v1'] }]);
  });
});

describe('the configuration', () => {
  const scheduled = (backend, catalog) => {
    let task;
    const config = new ConfigReader({ glooPlatformPortal: { backend, catalog } });
    const provider = GlooPortalProvider.fromConfig(config, {
      logger: {},
      scheduler: { scheduleTask: async given => (task = given) },
    });
    provider.connect({});
    return task;
  };

  test('needs nothing: every 5 minutes, and the task ends a second after the 30 that a reading has', () => {
    const { frequency, timeout, scope } = scheduled();
    assert.deepEqual([frequency, timeout, scope], [{ milliseconds: 300_000 }, { milliseconds: 31_000 }, 'local']);
  });

  test('has the sums that the plugin takes, and its defaults where they are nothing', () => {
    const { frequency, timeout } = scheduled({
      syncFrequency: { hours: 1, minutes: 1, seconds: 1, milliseconds: 1 },
      syncTimeout: { hours: 0, minutes: 0, seconds: 0, milliseconds: 0 },
    });
    assert.deepEqual([frequency, timeout], [{ milliseconds: 3_661_001 }, { milliseconds: 31_000 }]);
  });

  test('has a URL, or tells what one looks like', () => {
    assert.throws(() => scheduled({}, { url: 'localhost:31100' }), {
      message:
        'glooPlatformPortal.catalog.url is no URL of a catalog-info.yaml, such as http://localhost:31100/catalog-info.yaml',
    });
  });
});
