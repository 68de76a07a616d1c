import { Aws } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { topicName } from '../contracts/names.ts';
import type { Encryption } from './encryption.ts';

/** The topic every alarm and announcement goes to; people subscribe to it. Encrypted, TLS only. */
export class Alerts extends Construct {
  readonly topic: Topic;

  constructor(scope: Construct, id: string, props: { readonly platform: string; readonly keys: Encryption }) {
    super(scope, id);
    this.topic = new Topic(this, 'Topic', {
      topicName: topicName(props.platform),
      displayName: `${props.platform} alerts`,
      masterKey: props.keys.operations,
      enforceSSL: true,
    });
    // A topic policy replaces the default that lets the account's alarms publish.
    this.topic.addToResourcePolicy(
      new PolicyStatement({
        sid: 'AlarmsMayPublish',
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [this.topic.topicArn],
        conditions: {
          ArnLike: { 'aws:SourceArn': `arn:aws:cloudwatch:${Aws.REGION}:${Aws.ACCOUNT_ID}:alarm:*` },
        },
      }),
    );
  }
}
