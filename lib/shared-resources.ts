import { functionName, tableName, topicName } from '../contracts/names.ts';
import type { IntakeProgramLocation } from './intake-program.ts';
import type { PlatformStack } from './platform-stack.ts';
import { arnHere } from './statements.ts';

/**
 * What a model's stack uses of the platform's, as names and ARNs. What has a fixed name is spelled by it; the rest are exports of the
 * platform stack, whose names are part of the public contract: an export in use cannot be removed.
 */
export interface SharedResources {
  readonly lakeBucket: string;
  readonly lakeArn: string;
  readonly dataKeyArn: string;
  readonly operationsKeyArn: string;
  readonly undeliveredArn: string;
  readonly securityGroupId: string;
  readonly subnetIds: readonly string[];
  readonly tableName: string;
  readonly tableArn: string;
  readonly topicArn: string;
  readonly cleanUpArn: string;
  /** What processing jobs read large uploads with; its keys name what they hold, so they need no export. */
  readonly intakeProgram: IntakeProgramLocation;
}

/** Exports what models need, under names that say what they are. */
export function sharedResources(stack: PlatformStack, platform: string): SharedResources {
  const share = (name: string, value: string) => stack.exportValue(value, { name: `${platform}-${name}` });
  const lakeBucket = share('lake-bucket', stack.data.lake.bucketName);
  return {
    lakeBucket,
    lakeArn: `arn:aws:s3:::${lakeBucket}`,
    dataKeyArn: share('data-key', stack.keys.data.keyArn),
    operationsKeyArn: share('operations-key', stack.keys.operations.keyArn),
    undeliveredArn: share('undelivered-queue', stack.queues.undelivered.queueArn),
    securityGroupId: share('jobs-security-group', stack.network.jobs.securityGroupId),
    subnetIds: stack.network.vpc.isolatedSubnets.map(({ subnetId }, index) =>
      share(`jobs-subnet-${index + 1}`, subnetId),
    ),
    tableName: tableName(platform),
    tableArn: arnHere('dynamodb', `table/${tableName(platform)}`),
    topicArn: arnHere('sns', topicName(platform)),
    cleanUpArn: arnHere('lambda', `function:${functionName(platform, 'clean-up')}`),
    intakeProgram: stack.intakeProgram.location,
  };
}
