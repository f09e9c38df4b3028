// Scenarios played against a provider, from a test.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, test } from 'node:test';
import { providerSubject, run } from '../index.mjs';

const deletes = providerSubject(new URL('subjects/deletes.mjs', import.meta.url).pathname);

describe('a run', { concurrency: true }, () => {
  test('of the provider that comes along passes', async () => {
    const report = await run({ suite: 'quick' });
    assert.ok(report.passed && report.scenarios.length > 3);
    assert.equal(report.subject, 'provider');
  });

  test('tells what a provider gets wrong', async () => {
    const report = await run({ scenarios: ['list-answers-5xx'], subject: deletes });
    assert.equal(report.passed, false);
    const [{ outcome, steps }] = report.scenarios;
    assert.equal(outcome.kind, 'failed');
    const findings = steps.flatMap(({ verdict }) => verdict.findings ?? []);
    assert.match(findings.join('\n'), /the whole catalog was deleted/);
  });

  test('passes where what fails was expected to', async t => {
    const folder = mkdtempSync(path.join(tmpdir(), 'understudy-test-'));
    t.after(() => rmSync(folder, { recursive: true }));
    const html = path.join(folder, 'report.html');
    const expectFailures = { 'list-answers-5xx': 'it takes an error for an empty portal' };
    const report = await run({ scenarios: ['list-answers-5xx'], subject: deletes, keep: true, expectFailures, html });
    assert.ok(report.passed);
    assert.deepEqual(report.scenarios[0].outcome, {
      kind: 'failed-as-expected',
      reason: 'it takes an error for an empty portal',
    });
    assert.match(readFileSync(html, 'utf8'), /it takes an error for an empty portal/);
  });

  test("that can't be played tells why", async () => {
    await assert.rejects(run({ scenarios: ['no-such-scenario'] }), {
      name: 'UnderstudyError',
      message: /^nothing was played \(exit code 2\): error: .*no-such-scenario/,
    });
  });
});
