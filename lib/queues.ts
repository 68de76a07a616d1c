import { Aws, Duration } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Encryption } from './encryption.ts';

/** Queues between services: uploads that wait for the starter, and what could not be delivered. */
export class Queues extends Construct {
  /** Uploads, as S3 events. */
  readonly uploads: Queue;
  /** Uploads that no try could start, and events of rules, schedules and functions that did not reach their target. */
  readonly undelivered: Queue;

  constructor(
    scope: Construct,
    id: string,
    props: { readonly keys: Encryption; readonly starterTimeoutSeconds: number },
  ) {
    super(scope, id);
    const encrypted = {
      encryption: QueueEncryption.KMS,
      encryptionMasterKey: props.keys.data,
      enforceSSL: true,
    };
    this.undelivered = new Queue(this, 'Undelivered', { ...encrypted, retentionPeriod: Duration.days(14) });
    this.uploads = new Queue(this, 'Uploads', {
      ...encrypted,
      // Six times the function's limit, as Lambda asks for, so that a message is not handed out twice while it is worked on.
      visibilityTimeout: Duration.seconds(6 * props.starterTimeoutSeconds),
      retentionPeriod: Duration.days(14),
      deadLetterQueue: { queue: this.undelivered, maxReceiveCount: 5 },
    });
    for (const queue of [this.uploads, this.undelivered])
      queue.addToResourcePolicy(
        new PolicyStatement({
          sid: 'RulesMaySend',
          principals: [new ServicePrincipal('events.amazonaws.com')],
          actions: ['sqs:SendMessage'],
          resources: [queue.queueArn],
          conditions: { ArnLike: { 'aws:SourceArn': `arn:aws:events:${Aws.REGION}:${Aws.ACCOUNT_ID}:rule/*` } },
        }),
      );
  }
}
