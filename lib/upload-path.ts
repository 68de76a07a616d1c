import { CfnRule } from 'aws-cdk-lib/aws-events';
import { CfnEventSourceMapping, type IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { INBOX_PREFIX } from '../contracts/keys.ts';
import type { Queues } from './queues.ts';

export interface UploadPathProps {
  readonly lake: IBucket;
  readonly queues: Queues;
  readonly starter: IFunction;
}

/**
 * An upload starts everything: object created below the inbox → rule → queue → starter. The queue is there because events come at
 * least once and in bursts; the starter names each execution after the object version, so a second event changes nothing.
 */
export class UploadPath extends Construct {
  constructor(scope: Construct, id: string, { lake, queues, starter }: UploadPathProps) {
    super(scope, id);
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
}
