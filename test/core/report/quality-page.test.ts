import { describe, expect, it } from 'vitest';
import type { MetricValue, QualityReport, WindowQuality } from '../../../contracts/quality.ts';
import { qualityPage } from '../../../core/report/quality-page.ts';

const metric = (name: string, value: number): MetricValue => ({
  name,
  value,
  interval: [value - 0.01, value + 0.01],
  rows: 500,
});
const CALM: QualityReport = {
  verdict: 'fine',
  basis: 'estimated',
  message: 'estimated auc 0.800',
  threshold: 0.5,
  reference: { rows: 9000, metrics: [metric('auc', 0.8)] },
  settings: { metric: 'auc', margin: 0.01, minimumLabels: 500, labelHorizonDays: 30 },
  realised: [],
  estimated: [metric('auc', 0.79)],
  labels: null,
  conceptDrift: {
    verdict: 'too-little-data',
    metric: 'auc',
    gap: null,
    interval: null,
    z: null,
    cusum: null,
    support: null,
    independent: 'rows',
    labels: 0,
    message: 'no labels',
    evidence: [],
  },
  windows: [],
  slices: [],
  fairness: [],
  calibration: null,
  attribution: null,
  business: [],
};
const windowOf = (day: string, auc: number): WindowQuality => ({
  window: { from: `2026-01-${day}T00:00:00.000Z`, to: `2026-01-${day}T23:00:00.000Z` },
  rows: 500,
  realised: [metric('auc', auc)],
  estimated: [metric('auc', 0.79)],
  labels: null,
});

describe('qualityPage', () => {
  it('asks for nothing when nothing is wrong, and leaves out what is not known', () => {
    const page = qualityPage('Quality', CALM);
    expect(page).toContain('<li>Nothing.</li>');
    for (const heading of ['Slices', 'Fairness', 'Pictures', 'Business metrics', 'Calibration'])
      expect(page).not.toContain(`<h2>${heading}`);
    expect(page).not.toMatch(/undefined|NaN|null/);
  });

  it('says what to do about each thing that is wrong, the worst first', () => {
    const page = qualityPage('Quality', {
      ...CALM,
      verdict: 'worse',
      basis: 'realised',
      conceptDrift: {
        ...CALM.conceptDrift,
        verdict: 'concept-drift',
        gap: -0.05,
        interval: [-0.06, -0.04],
        z: -8,
        cusum: 12,
        support: 0.9,
        evidence: ['amount from 3 up: 40 positive, 11 expected'],
      },
      calibration: {
        verdict: 'drift',
        error: 0.06,
        pValue: 1e-9,
        groups: [
          { predicted: 0.1, observed: 0.2, rows: 9 },
          { predicted: 0.7, observed: 0.6, rows: 9 },
        ],
        message: 'scores are off by 0.060',
      },
      slices: [
        {
          column: 'city',
          value: 'X',
          rows: 900,
          realised: [],
          estimated: [],
          verdict: 'worse',
          message: 'city X: worse',
        },
      ],
      fairness: [
        {
          column: 'sex',
          measure: 'equal-opportunity',
          gap: 0.2,
          interval: [0.1, 0.3],
          groups: ['f', 'm'],
          rows: 900,
          independent: 'days',
          verdict: 'gap',
          message: 'sex: …',
        },
      ],
      business: [
        {
          ...metric('cost', 5),
          unit: 'USD',
          target: { atMost: 1 },
          verdict: 'missed',
          total: 2500,
          independent: 'rows',
        },
      ],
    });
    const steps = page.slice(page.indexOf('What to do next'), page.indexOf('<h2>Metrics'));
    expect(steps).toMatch(
      /Retrain on rows from after[\s\S]*recalibrate[\s\S]*owner of cost[\s\S]*rows of city X[\s\S]*Groups of sex/,
    );
    expect(page).toContain('amount from 3 up');
    expect(page).toContain('taken for independent');
    expect(page).toContain('0.10 became 0.20, 0.70 became 0.60');
    expect(page).toContain('−3.4');
  });

  it('draws realised and estimated metrics over windows', () => {
    const page = qualityPage('Quality', { ...CALM, windows: [windowOf('05', 0.8), windowOf('06', 0.7)] });
    expect(page).toContain('2026-01-05 realised 0.800, estimated 0.790; 2026-01-06 realised 0.700, estimated 0.790');
    expect(page.match(/<circle/g)).toHaveLength(4);
    expect(qualityPage('Quality', { ...CALM, windows: [windowOf('05', 0.8)] })).not.toContain('<circle');
  });

  it('escapes what comes from data', () => {
    const evil = '<script>alert(1)</script>';
    const page = qualityPage(evil, {
      ...CALM,
      slices: [{ column: evil, value: evil, rows: 1, realised: [], estimated: [], verdict: 'worse', message: evil }],
    });
    expect(page).not.toContain('<script');
  });
});
