import { Duration } from 'aws-cdk-lib';
import { Dashboard, GraphWidget, Metric, TextWidget } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { METRIC_DIMENSION, METRIC_NAMESPACE, METRICS, type MetricName } from '../contracts/metrics.ts';
import type { PlatformConfig } from '../contracts/model-config.ts';
import { dashboardName, endpointName, VARIANT_NAME } from '../contracts/names.ts';

/** One dashboard for the whole fleet: a line per model in every picture. */
export class FleetDashboard extends Construct {
  constructor(scope: Construct, id: string, { config }: { readonly config: PlatformConfig }) {
    super(scope, id);
    const perModel = (name: MetricName, statistic: string) =>
      new GraphWidget({
        title: `${name}: ${METRICS[name].meaning}`,
        width: 12,
        left: config.models.map((model) => modelMetric(model.name, name, statistic)),
      });
    const perEndpoint = (title: string, name: string, statistic: string) =>
      new GraphWidget({
        title,
        width: 8,
        left: config.models.map((model) => endpointMetric(config.name, model.name, name, statistic)),
      });
    new Dashboard(this, 'Dashboard', {
      dashboardName: dashboardName(config.name),
      widgets: [
        [
          new TextWidget({
            markdown: `# ${config.name}\n${config.models.length} models. What to do when something is wrong: [runbook](${config.runbookUrl}).`,
            width: 24,
            height: 2,
          }),
        ],
        [perModel('DriftedFeatures', 'Maximum'), perModel('MonitoredRows', 'Sum')],
        [perModel('PipelineFailures', 'Sum'), perModel('PredictionScore', 'Average')],
        [
          perEndpoint('Invocations', 'Invocations', 'Sum'),
          perEndpoint('Share of requests answered 5xx', 'Invocation5XXErrors', 'Average'),
          perEndpoint('Model latency, microseconds (p95)', 'ModelLatency', 'p95'),
        ],
      ],
    });
  }
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
