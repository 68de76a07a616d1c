import { Aws, RemovalPolicy } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';

/** The platform's two customer keys: data, and operations (audit records, alerts, logs). They outlive the stack, as what they encrypt does. */
export class Encryption extends Construct {
  /** Lake, lineage table, queues, volumes of jobs and endpoints. */
  readonly data: Key;
  /** Audit bucket, alert topic, log groups. Who operates the platform needs this one only. */
  readonly operations: Key;

  constructor(scope: Construct, id: string, props: { readonly platform: string }) {
    super(scope, id);
    this.data = customerKey(this, 'Data', `${props.platform}: uploads, data sets, models, lineage`);
    this.operations = customerKey(this, 'Operations', `${props.platform}: audit records, alerts, logs`);

    allow(this.data, 'events.amazonaws.com', 'RulesMaySendToQueues', {
      ArnLike: { 'aws:SourceArn': `arn:aws:events:${Aws.REGION}:${Aws.ACCOUNT_ID}:rule/*` },
    });
    allow(this.operations, 'cloudwatch.amazonaws.com', 'AlarmsMayAlert', {
      ArnLike: { 'aws:SourceArn': `arn:aws:cloudwatch:${Aws.REGION}:${Aws.ACCOUNT_ID}:alarm:*` },
    });
    allow(this.operations, `logs.${Aws.REGION}.amazonaws.com`, 'LogsMayEncrypt', {
      ArnLike: {
        'kms:EncryptionContext:aws:logs:arn': `arn:aws:logs:${Aws.REGION}:${Aws.ACCOUNT_ID}:log-group:*`,
      },
    });
  }
}

function customerKey(scope: Construct, id: string, description: string): Key {
  return new Key(scope, id, { description, enableKeyRotation: true, removalPolicy: RemovalPolicy.RETAIN });
}

function allow(key: Key, service: string, sid: string, conditions: Record<string, unknown>): void {
  key.addToResourcePolicy(
    new PolicyStatement({
      sid,
      principals: [new ServicePrincipal(service)],
      actions: ['kms:Decrypt', 'kms:Encrypt', 'kms:GenerateDataKey*', 'kms:ReEncrypt*', 'kms:DescribeKey'],
      resources: ['*'],
      conditions,
    }),
  );
}
