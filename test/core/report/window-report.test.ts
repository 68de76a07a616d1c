import { describe, expect, it } from 'vitest';
import type { WindowReport } from '../../../contracts/window.ts';
import { QUALITY_REPORT } from './quality-report-fixture.ts';
import { report, show } from './window-report-fixture.ts';

const metric = (value: number) => ({
  name: 'auc',
  value,
  interval: [value - 0.02, value + 0.02] satisfies [number, number],
  rows: 2000,
});
const QUALITY: NonNullable<WindowReport['quality']> = {
  ...QUALITY_REPORT,
  reference: { rows: 5000, metrics: [metric(0.71)] },
  realised: [metric(0.69)],
  estimated: [metric(0.7)],
};

describe('windowReportPage', () => {
  it('says the verdict first, then what to do, with a link to the runbook', () => {
    const page = show(report(2000, 30));
    expect(page).toMatch(
      /Drift\.<\/span> 1 of 2 features drifted \(50 %\) in 2000 rows; foremost: mean delay rose from 4\d\.\d to 7\d\.\d\./,
    );
    expect(page).toContain('href="https://docs.example/runbook.md#alarm-drift"');
    expect(page).toContain('2001-02-01 00:00 to 2001-02-02 00:00 (UTC)');
  });

  it('draws every feature against its baseline and escapes its values', () => {
    const page = show(report(2000, 0));
    expect(page.match(/<figure>/g)).toHaveLength(3);
    expect(page).toContain('&lt;b&gt;ORD&lt;/b&gt;');
    expect(page).not.toContain('<b>ORD</b>');
    expect(page).not.toMatch(/NaN|undefined|Infinity/);
  });

  it('shows what could not be read, and says when a window is amended', () => {
    const page = show(report(500, 0, { amended: true, badRecords: [{ reason: 'the line is not JSON', line: '{"<' }] }));
    expect(page).toContain('amended: this window had been reported before');
    expect(page).toContain('<code>{&quot;&lt;</code>');
    expect(page).toContain('Too little data.');
  });

  it('survives a window without rows', () => {
    expect(show(report(0, 0))).not.toMatch(/NaN|undefined/);
  });

  it('has quality beside drift when it is known, with its trend against the held-out rows', () => {
    const given = report(2000, 0, { quality: QUALITY, because: 'matured', amended: true });
    const page = show(given);
    expect(page).toContain('Labels are mature: the verdict stands on what became of the rows.');
    expect(page).toContain('before, and its labels are mature');
    expect(page).toMatch(/auc per window.*2001-02-01 0\.700, 2001-02-02 0\.690/s);
    expect(show(report(2000, 0, { quality: { ...QUALITY, basis: 'estimated' } }))).toContain(
      'Labels are not mature before 30 days have passed',
    );
  });

  it('says nothing of quality when nothing is known of it', () => {
    const page = show(report(2000, 0));
    expect(page).not.toContain('auc per window');
    expect(page).not.toContain('<h2>Quality</h2>');
    expect(show(report(2000, 0, { quality: { ...QUALITY, basis: 'none' } }))).toContain('<h2>Quality</h2>');
  });

  it('says which windows were judged together', () => {
    const pooled = { windows: [], message: 'judged together with the 2 windows before it' };
    expect(show(report(2000, 0, { pooled }))).toContain('judged together with the 2 windows before it.');
  });
});
