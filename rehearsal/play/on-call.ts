import { SubscribeCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand, DeleteMessageCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { topicName } from '../../contracts/names.ts';
import { ACCOUNT, type AwsClients, REGION } from '../rig/aws-clients.ts';

/** Somebody who gets every alert of the platform, as an e-mail address would. */
export interface OnCall {
  /** Takes what arrived since the last time; messages do not wait for months. */
  read(): Promise<void>;
  /** Alerts received so far. */
  received(): number;
}

const QUEUE = 'somebody-on-call';

/** Subscribes a queue to the platform's alert topic, with the policy that SNS needs to deliver to it. */
export async function putSomebodyOnCall({ sqs, sns }: AwsClients, platform: string): Promise<OnCall> {
  const topic = `arn:aws:sns:${REGION}:${ACCOUNT}:${topicName(platform)}`;
  const queueArn = `arn:aws:sqs:${REGION}:${ACCOUNT}:${QUEUE}`;
  const policy = {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Service: 'sns.amazonaws.com' },
        Action: 'sqs:SendMessage',
        Resource: queueArn,
        Condition: { ArnEquals: { 'aws:SourceArn': topic } },
      },
    ],
  };
  const { QueueUrl } = await sqs.send(
    new CreateQueueCommand({ QueueName: QUEUE, Attributes: { Policy: JSON.stringify(policy) } }),
  );
  await sns.send(new SubscribeCommand({ TopicArn: topic, Protocol: 'sqs', Endpoint: queueArn }));
  let received = 0;
  const read = async () => {
    for (;;) {
      const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
      if (Messages === undefined || Messages.length === 0) return;
      received += Messages.length;
      for (const { ReceiptHandle } of Messages) await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    }
  };
  return { read, received: () => received };
}
