import { describe, expect, it } from 'vitest';
import { rehearsalText } from '../../cli/rehearse/rehearsal-text.ts';
import { rehearsalReportPage } from '../../cli/report/rehearsal-report.ts';
import { evidence, HOSTILE, result } from './rehearsal-fixture.ts';

describe('the report of a rehearsal', () => {
  const page = rehearsalReportPage(result, evidence);

  it('shows nothing that came from data as markup', () => {
    expect(page).not.toContain(HOSTILE);
    expect(page).toContain('&lt;script&gt;');
  });

  it('loads nothing from elsewhere and runs no script', () => {
    expect(page).not.toMatch(/<(script|link|img|iframe)\b/);
    expect(page).toContain("default-src 'none'");
  });

  it('names the station of a failure and draws a mark for every event', () => {
    expect(page).toContain('the training machine ended FAILED');
    expect(page.match(/<circle [^>]*><title>2001-02-01 01:0/g)).toHaveLength(3);
  });

  it('draws the pictures of the dashboard that have data', () => {
    expect(page).toContain('DriftedFeatures');
    expect(page).not.toContain('silent');
  });
});

describe('what a rehearsal prints', () => {
  const text = rehearsalText(result, 'report/index.html');

  it('has the timeline in virtual time, the figures, the lineage, the durations and where to look', () => {
    expect(text).toContain('2001-02-01 01:01  states      intake started  [e1]');
    expect(text).toContain('rows: 42');
    expect(text).toContain('deployment e1');
    expect(text).toContain('7.3 s  synthesize the templates');
    expect(text).toContain('outcome: failed');
    expect(text).toContain('report: report/index.html');
  });
});
