import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { PlatformConfig } from '../contracts/model-config.ts';
import type { Queues } from './queues.ts';

export interface QueueAlarmsProps {
  readonly config: PlatformConfig;
  readonly queues: Queues;
  readonly topic: ITopic;
}

/** Goes off when anything lies in the queue of undelivered messages: an upload or an event that nobody acted on. */
export class QueueAlarms extends Construct {
  constructor(scope: Construct, id: string, { config, queues, topic }: QueueAlarmsProps) {
    super(scope, id);
    const alarm = new Alarm(this, 'Undelivered', {
      alarmName: `${config.name}-undelivered`,
      alarmDescription: `An upload or event reached nobody; it waits in the queue. What to do: ${config.runbookUrl}#undelivered`,
      metric: queues.undelivered.metricApproximateNumberOfMessagesVisible({
        period: Duration.minutes(5),
        statistic: 'Maximum',
      }),
      threshold: 0,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: 1,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    alarm.addAlarmAction(new SnsAction(topic));
  }
}
