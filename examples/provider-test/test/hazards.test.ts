// The provider is judged by scenarios of bad days, as a process of its own.
import { expect, test } from '@jest/globals';
import { type ScenarioReport, providerSubject, run } from 'portal-understudy';

// `suite: 'hazards'` plays all of them. This provider knows portals of one family only.
const scenarios = [
  'list-unreachable',
  'list-answers-401',
  'list-answers-5xx',
  'list-answers-html',
  'list-fails-once',
  'list-halved',
  'spec-fails-with-text',
  'product-removed',
  'document-changed',
  'token-endpoint-fails-at-start',
];

test('the provider stands its bad days, but for those that are known', async () => {
  const report = await run({
    scenarios,
    subject: providerSubject('./dist/src/provider.js#AcmeProvider'),
    keep: true,
    html: 'dist/report.html',
    expectFailures: { 'list-halved': 'what the list has lost is taken for removed, however much it is' },
  });
  expect(report.scenarios.filter(isBad).map(told)).toEqual([]);
});

const isBad = ({ outcome }: ScenarioReport) => !['passed', 'skipped', 'failed-as-expected'].includes(outcome.kind);

const told = ({ name, outcome, steps }: ScenarioReport) => ({
  name,
  outcome,
  findings: steps.flatMap(({ verdict }) => (verdict.kind === 'failed' ? verdict.findings : [])),
});
