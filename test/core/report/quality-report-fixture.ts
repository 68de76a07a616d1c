import type { QualityReport } from '../../../contracts/quality.ts';

const auc = { name: 'auc', value: 0.7, interval: [0.68, 0.72] satisfies [number, number], rows: 1000 };
/** The report of a model about which nothing is wrong. */
export const QUALITY_REPORT: QualityReport = {
  verdict: 'fine',
  basis: 'realised',
  message: 'auc 0.70 (95 %: 0.68 to 0.72), reference 0.71',
  threshold: 0.5,
  reference: { rows: 5000, metrics: [{ ...auc, value: 0.71 }] },
  settings: { metric: 'auc', margin: 0.01, minimumLabels: 500, labelHorizonDays: 30 },
  realised: [auc],
  estimated: [{ ...auc, value: 0.71 }],
  labels: null,
  conceptDrift: {
    verdict: 'none',
    metric: 'auc',
    gap: -0.001,
    interval: null,
    z: -0.2,
    cusum: 0,
    support: 0.9,
    independent: 'days',
    labels: 1000,
    message: 'no concept drift',
    evidence: [],
  },
  windows: [],
  slices: [],
  fairness: [],
  calibration: null,
  attribution: null,
  business: [],
};
