import { Duration } from 'aws-cdk-lib';
import {
  Alarm,
  AlarmRule,
  AlarmState,
  ComparisonOperator,
  CompositeAlarm,
  type IMetric,
  MathExpression,
  Metric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { DeploymentSpec } from '../contracts/deployment.ts';
import {
  FINDINGS,
  findingExpression,
  METRIC_DIMENSION,
  METRIC_NAMESPACE,
  type MetricName,
} from '../contracts/metrics.ts';
import type { ModelConfig } from '../contracts/model-config.ts';
import { ALARMS, type AlarmKind, alarmName, endpointName, modelAlarmName, VARIANT_NAME } from '../contracts/names.ts';
import type { Realtime } from './deployment-spec.ts';

export interface ModelAlarmsProps {
  readonly platform: string;
  readonly model: ModelConfig;
  readonly serving: Realtime;
  readonly spec: DeploymentSpec;
  readonly topic: ITopic;
  readonly runbookUrl: string;
}

/** What an alarm means to the person it wakes. */
const MEANINGS: Readonly<Record<AlarmKind, string>> = {
  drift: 'the newest window differs from what the live model was trained on',
  quality: 'the live model answers worse than it should, or a business target was missed',
  'concept-drift': 'the live model answers worse than a change of its inputs explains',
  fairness: 'the live model treats groups of a protected column unequally',
  'capture-gap': 'requests were not captured or not explained, so monitoring does not see all of them',
  'monitor-late': 'a state machine failed, or a window that was due has no verdict',
  'endpoint-errors': 'the endpoint answers requests with errors',
  'green-errors': 'the fleet being deployed answers with errors; SageMaker rolls it back',
  'green-latency': 'the fleet being deployed is too slow; SageMaker rolls it back',
};

/** What an alarm says, with the article that tells what to do. */
export const alarmDescription = (model: string, kind: AlarmKind, runbookUrl: string): string =>
  `${model}: ${MEANINGS[kind]}. What to do: ${runbookUrl}#alarm-${kind}`;

/** The alarms of a model and the composite of them; all tell the alert topic. */
export class ModelAlarms extends Construct {
  readonly all: ReadonlyMap<AlarmKind, Alarm>;

  constructor(scope: Construct, id: string, props: ModelAlarmsProps) {
    super(scope, id);
    const action = new SnsAction(props.topic);
    this.all = new Map(
      ALARMS.map((kind) => {
        const alarm = new Alarm(this, kind, {
          alarmName: alarmName(props.platform, props.model.name, kind),
          alarmDescription: alarmDescription(props.model.name, kind, props.runbookUrl),
          evaluationPeriods: 1,
          comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
          treatMissingData: TreatMissingData.NOT_BREACHING,
          ...CONDITIONS[kind](props),
        });
        alarm.addAlarmAction(action);
        return [kind, alarm];
      }),
    );
    const any = new CompositeAlarm(this, 'Any', {
      compositeAlarmName: modelAlarmName(props.platform, props.model.name),
      alarmDescription: `${props.model.name} needs attention. What to do: ${props.runbookUrl}`,
      alarmRule: AlarmRule.anyOf(
        ...[...this.all.values()].map((alarm) => AlarmRule.fromAlarm(alarm, AlarmState.ALARM)),
      ),
    });
    any.addAlarmAction(action);
  }
}

interface Condition {
  readonly metric: IMetric;
  readonly threshold: number;
  readonly evaluationPeriods?: number;
  readonly datapointsToAlarm?: number;
  readonly treatMissingData?: TreatMissingData;
}

const CONDITIONS: Readonly<Record<AlarmKind, (props: ModelAlarmsProps) => Condition>> = {
  drift: ({ model }) => verdict(ours(model.name, 'DriftedFeatures', 'Maximum', Duration.minutes(1))),
  // The value says which of the two it was: 1 quality, 8 business, 9 both.
  quality: ({ model }) =>
    finding(
      model.name,
      `${findingExpression('found', 'quality')} + ${FINDINGS.business} * (${findingExpression('found', 'business')})`,
    ),
  'concept-drift': ({ model }) => finding(model.name, findingExpression('found', 'conceptDrift')),
  fairness: ({ model }) => finding(model.name, findingExpression('found', 'fairness')),
  'capture-gap': ({ model }) => verdict(ours(model.name, 'CaptureGap', 'Maximum', Duration.minutes(1))),
  'monitor-late': ({ model }) => ({
    metric: ours(model.name, 'PipelineFailures', 'Sum', Duration.minutes(5)),
    threshold: 0,
  }),
  'endpoint-errors': (props) => ({
    metric: ofEndpoint(props, 'Invocation5XXErrors', 'Average', Duration.minutes(1)),
    threshold: props.serving.rollback?.errorShare ?? 0.01,
    evaluationPeriods: 5,
    datapointsToAlarm: 3,
  }),
  'green-errors': (props) => green(props, 'green-errors'),
  'green-latency': (props) => green(props, 'green-latency'),
};

/** As the deployment machine puts it again, but for a fleet that does not exist yet: until then it has nothing to see. */
function green(props: ModelAlarmsProps, kind: AlarmKind): Condition {
  const name = alarmName(props.platform, props.model.name, kind);
  const spec = props.spec.greenAlarms.find((alarm) => alarm.name === name);
  if (spec === undefined) throw new Error(`the deployment spec has no alarm ${name}`);
  const period = Duration.seconds(spec.periodSeconds);
  return {
    metric: ofEndpoint(props, spec.metricName, spec.statistic, period, { EndpointConfigName: 'none-yet' }),
    threshold: spec.threshold,
  };
}

/** Between two windows nothing is reported; the verdict of the last one stands until then. */
const verdict = (metric: IMetric): Condition => ({
  metric,
  threshold: 0,
  treatMissingData: TreatMissingData.IGNORE,
});

/** An alarm on some of the bits of `QualityFindings`. */
const finding = (model: string, expression: string): Condition =>
  verdict(
    new MathExpression({
      expression,
      label: 'found',
      period: Duration.minutes(1),
      usingMetrics: { found: ours(model, 'QualityFindings', 'Maximum', Duration.minutes(1)) },
    }),
  );

const ours = (model: string, metricName: MetricName, statistic: string, period: Duration): Metric =>
  new Metric({
    namespace: METRIC_NAMESPACE,
    metricName,
    statistic,
    period,
    dimensionsMap: { [METRIC_DIMENSION]: model },
  });

function ofEndpoint(
  { platform, model }: ModelAlarmsProps,
  metricName: string,
  statistic: string,
  period: Duration,
  more: Readonly<Record<string, string>> = {},
): Metric {
  const dimensionsMap = { EndpointName: endpointName(platform, model.name), VariantName: VARIANT_NAME, ...more };
  return new Metric({ namespace: 'AWS/SageMaker', metricName, statistic, period, dimensionsMap });
}
