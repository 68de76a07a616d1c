import { METRIC_DIMENSION, METRIC_NAMESPACE, METRICS, type MetricName } from '../../contracts/metrics.ts';

/** One embedded-metric-format line: CloudWatch Logs turns it into the model's custom metrics. */
export function metricLine(model: string, values: Readonly<Partial<Record<MetricName, number>>>, at: Date): string {
  const names = Object.keys(METRICS).filter((name): name is MetricName => Object.hasOwn(values, name));
  return JSON.stringify({
    _aws: {
      Timestamp: at.getTime(),
      CloudWatchMetrics: [
        {
          Namespace: METRIC_NAMESPACE,
          Dimensions: [[METRIC_DIMENSION]],
          Metrics: names.map((name) => ({ Name: name, Unit: METRICS[name].unit })),
        },
      ],
    },
    [METRIC_DIMENSION]: model,
    ...values,
  });
}

/** Emits custom metrics of a model by printing one line; Lambda's log is the transport. */
export function emitMetrics(model: string, values: Readonly<Partial<Record<MetricName, number>>>, at: Date): void {
  console.log(metricLine(model, values, at));
}
