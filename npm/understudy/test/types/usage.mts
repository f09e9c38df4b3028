// What a user of TypeScript writes, as a module: only compiled.
import { type Exchange, type Fault, type RunReport, providerSubject, run, startStage } from 'portal-understudy';

await using stage = await startStage({
  scenario: { portal: { family: 'gloo-gateway', products: [{ id: 'petstore', versions: [{ name: 'v1' }] }] } },
  tls: true,
  ports: { portal: 31080 },
});
const url: string | undefined = stage.env.PORTAL_URL;
const secret: string = stage.appConfig.glooPlatformPortal.backend.clientSecret;

const rare: Fault = { server: 'portal', path: '/v1/**', does: { latency: { by: '200ms' } }, when: { every: 2 } };
{
  await using slow = await stage.fault(rare);
  const later: Exchange[] = await stage.journal({ since: slow.mark, server: 'portal' });
  console.log(later[0]?.status, url, secret);
}
// @ts-expect-error: a fault says what it does
await stage.fault({ server: 'portal' });
// @ts-expect-error: there are two servers
await stage.waitFor({ server: 'catalog' });
await stage.steps({ clock: { advance: '1h' } }, { lift: 'all' }, { change: { removeAll: true } });

const report: RunReport = await run({ suite: 'hazards', subject: providerSubject('./provider.js#Mine') });
for (const { name, outcome } of report.scenarios) {
  if (outcome.kind === 'skipped') console.log(name, outcome.reason);
}
