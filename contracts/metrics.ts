/** Custom CloudWatch metrics: at most five per model, one dimension, in embedded metric format. */

export const METRIC_NAMESPACE = 'Modelway';
export const METRIC_DIMENSION = 'Model';

/** Name → unit and meaning. Alarms and the handlers that emit read this one table. */
export const METRICS = {
  DriftedFeatures: { unit: 'Count', meaning: 'features of the window whose drift is significant and large enough' },
  MonitoredRows: { unit: 'Count', meaning: 'captured rows in the window' },
  PipelineFailures: {
    unit: 'Count',
    meaning: 'executions of the model’s state machines that failed, and windows that nobody judged',
  },
  QualityFindings: { unit: 'None', meaning: 'sum of what was found wrong with a window, as in FINDINGS' },
  CaptureGap: {
    unit: 'Count',
    meaning: 'requests that were not captured, or rows that were not explained, whichever is more',
  },
} as const;
export type MetricName = keyof typeof METRICS;

/**
 * What `QualityFindings` is the sum of: one metric for four alarms, because metrics cost three times what alarms do. 0 says that a
 * window was judged and nothing was found; a window that could not be judged emits nothing, and the alarms keep their state.
 */
export const FINDINGS = {
  /** Realised, else estimated quality below its margin. */
  quality: 1,
  conceptDrift: 2,
  fairness: 4,
  /** A business metric missed its target. */
  business: 8,
} as const;
export type Finding = keyof typeof FINDINGS;

/** The value of `QualityFindings` for what was found. */
export function findingsValue(found: readonly Finding[]): number {
  return [...new Set(found)].reduce((sum, finding) => sum + FINDINGS[finding], 0);
}

/** What a value of `QualityFindings` says; the inverse of `findingsValue`. */
export function findingsIn(value: number): readonly Finding[] {
  const names: readonly Finding[] = ['quality', 'conceptDrift', 'fairness', 'business'];
  return names.filter((name) => Math.floor(value / FINDINGS[name]) % 2 === 1);
}

/** CloudWatch metric math that yields a finding's bit (0 or 1) of the metric query `id`; metric math has no remainder. */
export const findingExpression = (id: string, finding: Finding): string =>
  `FLOOR(${id} / ${FINDINGS[finding]}) - 2 * FLOOR(${id} / ${2 * FINDINGS[finding]})`;
