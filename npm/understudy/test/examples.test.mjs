// What the examples say of the stage.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parse } from 'yaml';
import { startStage } from '../index.mjs';

test('the example of a Backstage is told what a stage at the usual ports tells', async t => {
  const stage = await startStage();
  t.after(() => stage.stop());
  const file = new URL('../../../examples/backstage/app-config.understudy.yaml', import.meta.url);
  const { syncFrequency, syncTimeout, ...example } = parse(readFileSync(file, 'utf8')).glooPlatformPortal.backend;
  const { syncFrequency: often, syncTimeout: long, ...told } = stage.appConfig.glooPlatformPortal.backend;
  const portal = new URL(stage.portal.url).port;
  const usual = JSON.stringify(told).replaceAll(
    /localhost:(\d+)/g,
    (_, port) => `localhost:${port === portal ? 31080 : 31090}`,
  );
  assert.deepEqual(example, JSON.parse(usual));
  assert.deepEqual([syncFrequency.seconds, syncTimeout.seconds], [often.seconds, long.seconds]);
});
