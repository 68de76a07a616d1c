import { describe, expect, it } from 'vitest';
import { rehearsalText } from '../../cli/rehearse/rehearsal-text.ts';
import { rehearsalReportPage } from '../../cli/report/rehearsal-report.ts';
import type { RehearsalResult } from '../../contracts/rehearsal.ts';
import type { Evidence } from '../../rehearsal/play/evidence.ts';

const HOSTILE = '<script>alert(1)</script>';

const result: RehearsalResult = {
  outcome: 'failed',
  failure: { station: HOSTILE, message: 'the training machine ended FAILED', log: 'logs' },
  stages: [{ name: 'synthesize the templates', seconds: 7.25 }],
  totalSeconds: 12.5,
  peakMemoryMB: 900,
  timeline: [
    { at: '2001-02-01T01:00:00.000Z', what: `uploaded ${HOSTILE}`, who: 'user', ref: 'v1' },
    { at: '2001-02-01T01:01:00.000Z', what: 'intake started', who: 'states', ref: 'e1' },
    {
      at: '2001-02-01T01:02:00.000Z',
      what: 'Alarm updated from OK to ALARM',
      who: 'cloudwatch',
      ref: 'modelway-m-drift',
    },
  ],
  models: [{ name: 'm', versions: 1, live: null }],
  lineage: ['deployment e1'],
  figures: { rows: 42 },
  awsCalls: { 's3:PutObject': 3 },
  deviations: ['no GPU'],
};
const at = (time: string, value: number) => ({ at: new Date(time), value });
const evidence: Evidence = {
  records: [],
  documents: {},
  dashboard: [
    {
      title: 'DriftedFeatures',
      lines: [
        { label: 'm', points: [at('2001-02-01T00:00:00Z', 0), at('2001-02-08T00:00:00Z', 2)] },
        { label: 'silent', points: [] },
      ],
    },
  ],
  live: undefined,
};

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
