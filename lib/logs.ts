import { RemovalPolicy } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';

/**
 * A log group made before anything writes to it, so that it is encrypted and forgets after a year.
 * It goes with its stack: a named group that stayed would be in the way of the next deployment, and audit records are kept elsewhere.
 */
export function encryptedLogGroup(scope: Construct, id: string, name: string, key: IKey): LogGroup {
  return new LogGroup(scope, id, {
    logGroupName: name,
    encryptionKey: key,
    retention: RetentionDays.ONE_YEAR,
    removalPolicy: RemovalPolicy.DESTROY,
  });
}
