import { describe, expect, it } from 'vitest';
import type { Judgement, WindowFindings } from '../../../contracts/monitoring-steps.ts';
import type { QualityReport } from '../../../contracts/quality.ts';
import { appearedFindings, findingsNotice } from '../../../core/monitoring/findings-notice.ts';
import { qualityFindings, qualityReasons, qualityShort } from '../../../core/monitoring/quality-findings.ts';
import { QUALITY_REPORT } from '../report/quality-report-fixture.ts';

const NONE: WindowFindings = { drift: false, quality: false, conceptDrift: false, fairness: false, business: false };

const fair = (verdict: QualityReport['fairness'][number]['verdict']): QualityReport['fairness'][number] => ({
  column: 'origin',
  measure: 'equal-opportunity',
  gap: 0.2,
  interval: [0.1, 0.3],
  groups: ['ORD', 'SFO'],
  rows: 900,
  independent: 'rows',
  verdict,
  message: 'flights from ORD are found 20 points less often than from SFO',
});
const cost = (
  verdict: QualityReport['business'][number]['verdict'],
  target: QualityReport['business'][number]['target'] = { atMost: 3 },
): QualityReport['business'][number] => ({
  name: 'cost-of-a-miss',
  value: 4.56789,
  interval: [4.1, 5],
  rows: 900,
  unit: 'USD',
  target,
  verdict,
  total: 4111,
  independent: 'days',
});

describe('findings of a quality report', () => {
  it('are none when all is well', () => {
    expect(
      qualityFindings({ ...QUALITY_REPORT, fairness: [fair('fine')], business: [cost('met')] }, undefined),
    ).toEqual({
      quality: false,
      conceptDrift: false,
      fairness: false,
      business: false,
    });
  });

  it('are each told apart', () => {
    const concept = { ...QUALITY_REPORT.conceptDrift, verdict: 'concept-drift' as const };
    expect(qualityFindings({ ...QUALITY_REPORT, verdict: 'worse' }, NONE)).toMatchObject({
      quality: true,
      conceptDrift: false,
    });
    expect(qualityFindings({ ...QUALITY_REPORT, conceptDrift: concept }, NONE)).toMatchObject({
      quality: false,
      conceptDrift: true,
    });
    expect(qualityFindings({ ...QUALITY_REPORT, fairness: [fair('fine'), fair('gap')] }, NONE)).toMatchObject({
      fairness: true,
    });
    expect(qualityFindings({ ...QUALITY_REPORT, business: [cost('met'), cost('missed')] }, NONE)).toMatchObject({
      business: true,
    });
  });

  it('that data and concept drift cannot be separated is none', () => {
    const unclear = { ...QUALITY_REPORT.conceptDrift, verdict: 'cannot-separate' as const };
    expect(
      qualityFindings({ ...QUALITY_REPORT, conceptDrift: unclear }, { ...NONE, conceptDrift: true }).conceptDrift,
    ).toBe(false);
  });

  it('that could not be judged stand as they stood in the window before', () => {
    const before = { drift: true, quality: true, conceptDrift: true, fairness: true, business: true };
    const concept = { ...QUALITY_REPORT.conceptDrift, verdict: 'too-little-data' as const };
    const unjudged: QualityReport = {
      ...QUALITY_REPORT,
      verdict: 'too-little-data',
      basis: 'none',
      conceptDrift: concept,
      fairness: [fair('too-little-data')],
      business: [cost('cannot-tell')],
    };
    const { drift: _, ...standing } = before;
    expect(qualityFindings(unjudged, before)).toEqual(standing);
    expect(qualityFindings(null, before)).toEqual(standing);
    expect(qualityFindings(unjudged, undefined)).toMatchObject({ quality: false, fairness: false });
  });
});

describe('the short form of a quality report', () => {
  it('has the headline metric of what the verdict stands on', () => {
    expect(qualityShort(QUALITY_REPORT).quality).toMatchObject({
      basis: 'realised',
      metric: 'auc',
      value: 0.7,
      interval: [0.68, 0.72],
    });
    expect(qualityShort({ ...QUALITY_REPORT, basis: 'estimated' }).quality).toMatchObject({ value: 0.71 });
    expect(qualityShort({ ...QUALITY_REPORT, basis: 'none' }).quality).toMatchObject({ value: null, interval: null });
  });

  it('keeps fairness and business to what a decision needs', () => {
    const { fairness, business } = qualityShort({
      ...QUALITY_REPORT,
      fairness: [fair('gap')],
      business: [cost('missed')],
    });
    expect(fairness).toEqual([{ column: 'origin', measure: 'equal-opportunity', gap: 0.2, verdict: 'gap' }]);
    expect(business).toEqual([{ name: 'cost-of-a-miss', value: 4.56789, unit: 'USD', verdict: 'missed' }]);
  });
});

describe('messages about findings', () => {
  const judgement: Judgement = {
    verdict: 'none',
    rows: 1000,
    drifted: [],
    reportKey: 'r',
    summary: 'late: no drift',
    window: { from: '2001-02-02T00:00:00.000Z', to: '2001-02-03T00:00:00.000Z' },
    packageArn: 'arn:package/1',
    amended: true,
  };
  const place = { since: '2001-02-01T00:00:00.000Z', reportUri: 's3://lake/report.html' };

  it('say what, by how much, since when and where to read on, all findings in one', () => {
    const report = {
      ...QUALITY_REPORT,
      fairness: [fair('gap')],
      business: [cost('missed', { atLeast: 5, atMost: 9 })],
    };
    const notice = findingsNotice(
      'late',
      ['quality', 'fairness', 'business'],
      judgement,
      qualityReasons(report),
      place,
    );
    expect(notice?.subject).toBe('late: quality below its margin, a gap between groups, a business target missed');
    expect(notice?.runbook).toBe('alarm-quality');
    expect(notice?.message.split('\n')).toEqual([
      'Quality below its margin: auc 0.70 (95 %: 0.68 to 0.72), reference 0.71.',
      'A gap between groups: flights from ORD are found 20 points less often than from SFO.',
      'A business target missed: cost-of-a-miss is 4.568 USD a row (95 %: 4.1 to 5), asked: at least 5 and at most 9.',
      'Window: 2001-02-02 00:00 to 2001-02-03 00:00 (UTC), 1000 rows; it had been reported before.',
      'Since: 2001-02-01 00:00 (UTC).',
      'Model: arn:package/1',
      'Report: s3://lake/report.html',
    ]);
  });

  it('fall back on the summary, and are none when nothing appeared', () => {
    const notice = findingsNotice(
      'late',
      ['drift'],
      { ...judgement, packageArn: null, amended: false },
      qualityReasons(null),
      place,
    );
    expect(notice?.message).toMatch(/^Drift: late: no drift\.\nWindow: .* 1000 rows\.\n.*\nModel: none\n/);
    expect(findingsNotice('late', [], judgement, {}, place)).toBe(null);
  });

  it('come once: not for what stood in the window before, nor in an earlier judgement of the same window', () => {
    const now = { ...NONE, drift: true, quality: true };
    expect(appearedFindings(now, undefined, undefined)).toEqual(['drift', 'quality']);
    expect(appearedFindings(now, undefined, { ...NONE, drift: true })).toEqual(['quality']);
    expect(appearedFindings(now, { ...NONE, quality: true }, NONE)).toEqual(['drift']);
    expect(appearedFindings(NONE, now, now)).toEqual([]);
  });
});
