import { CfnRule } from 'aws-cdk-lib/aws-events';
import { ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnEventSourceMapping, type IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import { INBOX_PREFIX } from '../contracts/keys.ts';
import type { PlatformConfig } from '../contracts/model-config.ts';
import type { Encryption } from './encryption.ts';
import type { Queues } from './queues.ts';
import { allow, useKey } from './statements.ts';

export interface UploadPathProps {
  readonly keys: Encryption;
  readonly sweeper: IFunction;
  readonly sweepEvery: PlatformConfig['sweepEvery'];
  readonly lake: IBucket;
  readonly queues: Queues;
  readonly starter: IFunction;
}

/** At odd minutes, when little else fires. */
const SWEEPS = {
  hour: 'cron(47 * * * ? *)',
  day: 'cron(47 3 * * ? *)',
  week: 'cron(47 3 ? * SUN *)',
} as const satisfies Record<PlatformConfig['sweepEvery'], string>;

/**
 * An upload starts everything: object created below the inbox → rule → queue → starter. The queue is there because events come at
 * least once and in bursts; the starter names each execution after the object version, so a second event changes nothing.
 */
export class UploadPath extends Construct {
  constructor(scope: Construct, id: string, props: UploadPathProps) {
    super(scope, id);
    const { lake, queues, starter } = props;
    this.sweep(props);
    new CfnRule(this, 'OnUpload', {
      description: 'an object version was written below the inbox',
      eventPattern: {
        source: ['aws.s3'],
        'detail-type': ['Object Created'],
        detail: { bucket: { name: [lake.bucketName] }, object: { key: [{ prefix: INBOX_PREFIX }] } },
      },
      targets: [{ id: 'Queue', arn: queues.uploads.queueArn, deadLetterConfig: { arn: queues.undelivered.queueArn } }],
    });
    new CfnEventSourceMapping(this, 'Starter', {
      functionName: starter.functionName,
      eventSourceArn: queues.uploads.queueArn,
      batchSize: 10,
      // A burst of uploads must not take all concurrent executions of a new account, which are ten.
      scalingConfig: { maximumConcurrency: 2 },
      functionResponseTypes: ['ReportBatchItemFailures'],
    });
  }

  /** An event may be lost; what lies in the inbox is not. */
  private sweep({ keys, queues, sweeper, sweepEvery }: UploadPathProps): void {
    const role = new Role(this, 'SweepRole', { assumedBy: new ServicePrincipal('scheduler.amazonaws.com') });
    new ManagedPolicy(this, 'SweepPolicy', {
      roles: [role],
      statements: [
        allow(['lambda:InvokeFunction'], [sweeper.functionArn]),
        allow(['sqs:SendMessage'], [queues.undelivered.queueArn]),
        useKey(keys.data.keyArn),
      ],
    });
    new CfnSchedule(this, 'Sweep', {
      description: 'uploads whose event was lost are looked for',
      scheduleExpression: SWEEPS[sweepEvery],
      scheduleExpressionTimezone: 'UTC',
      flexibleTimeWindow: { mode: 'OFF' },
      kmsKeyArn: keys.data.keyArn,
      target: {
        arn: sweeper.functionArn,
        roleArn: role.roleArn,
        input: '{}',
        deadLetterConfig: { arn: queues.undelivered.queueArn },
        retryPolicy: { maximumRetryAttempts: 3, maximumEventAgeInSeconds: 3600 },
      },
    });
  }
}
