import type { Agent } from 'node:https';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { SSMClient } from '@aws-sdk/client-ssm';
import { STSClient } from '@aws-sdk/client-sts';
import type { VirtualClock } from './virtual-clock.ts';

/** Account and region that every rehearsal plays in. */
export const ACCOUNT = '123456789012';
export const REGION = 'us-east-1';

/** Keys of the account's root, which the emulator accepts at any date. */
const ROOT = { accessKeyId: 'test', secretAccessKey: 'test' };

/** Who calls. Left out: the account's root. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** SDK clients of the emulator, one of each service. */
export type AwsClients = ReturnType<typeof awsClients>;

/**
 * Clients that call the emulator over TLS, sign with virtual time and try once: a retry would hide the failure that a rehearsal is
 * for.
 */
export function awsClients(endpoint: string, agent: Agent, clock: VirtualClock, credentials: Credentials = ROOT) {
  const settings = {
    endpoint,
    region: REGION,
    credentials,
    maxAttempts: 1,
    requestHandler: { httpsAgent: agent },
  };
  const clients = {
    cloudformation: new CloudFormationClient(settings),
    cloudwatch: new CloudWatchClient(settings),
    dynamodb: new DynamoDBClient(settings),
    events: new EventBridgeClient(settings),
    lambda: new LambdaClient(settings),
    logs: new CloudWatchLogsClient(settings),
    runtime: new SageMakerRuntimeClient(settings),
    s3: new S3Client({ ...settings, forcePathStyle: true }),
    sagemaker: new SageMakerClient(settings),
    sfn: new SFNClient(settings),
    sns: new SNSClient(settings),
    sqs: new SQSClient(settings),
    ssm: new SSMClient(settings),
    sts: new STSClient(settings),
  };
  for (const client of Object.values(clients)) signWith(clock, client);
  return clients;
}

/** What all clients have in common: a clock correction, and a stack whose first step runs before signing. */
interface Signing {
  readonly config: { systemClockOffset: number };
  readonly middlewareStack: {
    add(middleware: (next: (args: never) => unknown) => (args: never) => unknown, options: object): void;
  };
}

function signWith(clock: VirtualClock, client: Signing): void {
  const middleware = (next: (args: never) => unknown) => (args: never) => {
    client.config.systemClockOffset = clock.offsetMs();
    return next(args);
  };
  client.middlewareStack.add(middleware, { step: 'initialize', name: 'virtualClock' });
}
