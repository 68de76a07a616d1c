/** Custom CloudWatch metrics: at most five per model (design §3), one dimension, in embedded metric format. */

export const METRIC_NAMESPACE = 'Modelway';
export const METRIC_DIMENSION = 'Model';

/** Name → unit and meaning. Alarms and the handlers that emit read this one table. */
export const METRICS = {
  DriftedFeatures: { unit: 'Count', meaning: 'features of the window whose drift is significant and large enough' },
  MonitoredRows: { unit: 'Count', meaning: 'captured rows in the window' },
  PipelineFailures: { unit: 'Count', meaning: 'executions of any of the model’s state machines that failed' },
  PredictionScore: { unit: 'None', meaning: 'mean predicted score of a request, emitted by the serving container' },
} as const;
export type MetricName = keyof typeof METRICS;
