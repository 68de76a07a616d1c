import { describe, expect, it } from 'vitest';
import type { DriftFeature, DriftReport } from '../../../contracts/profile.ts';
import { driftNote, effectTrends, featureTable, jointTable, nextSteps } from '../../../core/report/drift-section.ts';
import { html } from '../../../core/report/html.ts';

const feature = (name: string, value: number, stake?: number): DriftFeature => ({
  name,
  kind: 'numeric',
  drifted: value > 0.02,
  rank: 1,
  pValue: 0.001,
  qValue: 0.002,
  effect: { statistic: 'js', value, interval: [value / 2, value * 2] },
  statistics: { psi: 0.1 },
  missing: { baseline: 0, window: 0.5 },
  newCategories: 0,
  message: `mean ${name} rose`,
  ...(stake === undefined ? {} : { stake }),
});

const report = (value: number, changed: Partial<DriftReport> = {}): DriftReport => ({
  verdict: 'drift',
  baseline: { rows: 1000 },
  window: { rows: 500 },
  settings: {
    falseAlarmsPerMonth: 1,
    windowsPerMonth: 30.4,
    falseDiscoveryRate: 0.033,
    effectFloor: 0.02,
    minimumRows: 100,
    null: 'hour-blocks',
  },
  features: [feature('delay', value)],
  ...changed,
});

const markup = (content: ReturnType<typeof featureTable> | undefined) => html`${content}`.markup;

describe('the drift section of a report', () => {
  it('shows effect with interval, q-value and missing shares, and money only where it was estimated', () => {
    const plain = markup(featureTable([feature('delay', 0.3)]));
    for (const part of ['0.3 (0.15–0.6)', '0.002', '0 % → 50 %', 'Ranked by effect × importance'])
      expect(plain).toContain(part);
    expect(plain).not.toContain('At stake');
    const staked = markup(featureTable([feature('delay', 0.3, 1250), feature('age', 0.1)]));
    expect(staked).toContain('At stake a month');
    expect(staked).toContain('1250');
  });

  it('shows what features do together, and nothing where there is nothing to tell', () => {
    expect(jointTable(report(0.1))).toBeUndefined();
    expect(jointTable(report(0.1, { multivariate: null, correlations: [] }))).toBeUndefined();
    const pair = {
      features: ['a', 'b'] satisfies [string, string],
      drifted: true,
      pValue: 0,
      qValue: 0,
      baseline: 0.5,
      window: 0.1,
      threshold: { qValue: 0.03, effect: 0.1 },
      message: 'correlation of a and b fell from 0.50 to 0.10',
      effect: { statistic: 'cohens-q' as const, value: 0.45, interval: [0.4, 0.5] satisfies [number, number] },
    };
    expect(markup(jointTable(report(0.1, { correlations: [pair] })))).toContain('fell from 0.50 to 0.10');
  });

  it('says which chance was assumed', () => {
    expect(markup(driftNote(report(0.1)))).toContain('whole hours of the baseline drawn anew');
  });

  it('has something to do for drift and for too few rows, and nothing for calm', () => {
    expect(
      nextSteps('drift')
        .map(({ markup: text }) => text)
        .join(''),
    ).toContain('upstream system broke');
    expect(nextSteps('none').map(({ markup: text }) => text)).toEqual(['<li>Nothing.</li>']);
    expect(nextSteps('too-little-data')[0]?.markup).toContain('longer windows');
  });

  it('draws the effect of each foremost feature over the windows, against the floor', () => {
    const windows = [0.01, 0.2].map((value, day) => ({ at: `2001-02-0${day + 1}T00:00:00Z`, drift: report(value) }));
    const [picture] = effectTrends(windows);
    const drawn = html`${picture}`.markup;
    expect(drawn.match(/<circle/g)).toHaveLength(2);
    expect(drawn).toContain('2001-02-01 0.01, 2001-02-02 0.2');
    expect(drawn).toContain('stroke-dasharray');
    expect(effectTrends([])).toEqual([]);
  });
});
