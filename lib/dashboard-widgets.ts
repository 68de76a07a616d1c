import { Duration } from 'aws-cdk-lib';
import { GraphWidget, type IWidget, Metric, TextWidget } from 'aws-cdk-lib/aws-cloudwatch';
import { METRIC_DIMENSION, METRIC_NAMESPACE, METRICS, type MetricName } from '../contracts/metrics.ts';
import type { PlatformConfig } from '../contracts/model-config.ts';
import { endpointName, VARIANT_NAME } from '../contracts/names.ts';

/** Rows of pictures with a line per model: what monitoring found, what failed, how the endpoints answer. */
export function dashboardWidgets(
  { name: platform, runbookUrl }: Pick<PlatformConfig, 'name' | 'runbookUrl'>,
  models: readonly string[],
): IWidget[][] {
  const perModel = (name: MetricName, statistic: string, width: number) =>
    new GraphWidget({
      title: `${name}: ${METRICS[name].meaning}`,
      width,
      left: models.map((model) => modelMetric(model, name, statistic)),
    });
  const perEndpoint = (title: string, name: string, statistic: string) =>
    new GraphWidget({
      title,
      width: 8,
      left: models.map((model) => endpointMetric(platform, model, name, statistic)),
    });
  const whose = models.length === 1 ? models[0] : `${models.length} models`;
  return [
    [
      new TextWidget({
        markdown: `# ${platform}\n${whose}. What to do when something is wrong: [runbook](${runbookUrl}).`,
        width: 24,
        height: 2,
      }),
    ],
    [perModel('DriftedFeatures', 'Maximum', 12), perModel('QualityFindings', 'Maximum', 12)],
    [perModel('MonitoredRows', 'Sum', 8), perModel('CaptureGap', 'Maximum', 8), perModel('PipelineFailures', 'Sum', 8)],
    [
      perEndpoint('Invocations', 'Invocations', 'Sum'),
      perEndpoint('Share of requests answered 5xx', 'Invocation5XXErrors', 'Average'),
      perEndpoint('Model latency, microseconds (p95)', 'ModelLatency', 'p95'),
    ],
  ];
}

const modelMetric = (model: string, metricName: MetricName, statistic: string) =>
  new Metric({
    namespace: METRIC_NAMESPACE,
    metricName,
    dimensionsMap: { [METRIC_DIMENSION]: model },
    statistic,
    period: Duration.hours(1),
    label: model,
  });

const endpointMetric = (platform: string, model: string, metricName: string, statistic: string) =>
  new Metric({
    namespace: 'AWS/SageMaker',
    metricName,
    dimensionsMap: { EndpointName: endpointName(platform, model), VariantName: VARIANT_NAME },
    statistic,
    period: Duration.minutes(5),
    label: model,
  });
