import { Aws } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';

/** The permissions that several roles have, each in its narrowest form. */

export const allow = (
  actions: readonly string[],
  resources: readonly string[],
  conditions?: Record<string, Record<string, unknown>>,
): PolicyStatement =>
  new PolicyStatement({
    actions: [...actions],
    resources: [...resources],
    ...(conditions === undefined ? {} : { conditions }),
  });

/** ARN of a resource of this account and region. */
export const arnHere = (service: string, resource: string): string =>
  `arn:aws:${service}:${Aws.REGION}:${Aws.ACCOUNT_ID}:${resource}`;

/** Reads objects below prefixes, by name or by version. */
export const readObjects = (bucketArn: string, prefixes: readonly string[]): PolicyStatement =>
  allow(
    ['s3:GetObject', 's3:GetObjectVersion'],
    prefixes.map((prefix) => `${bucketArn}/${prefix}*`),
  );

export const writeObjects = (bucketArn: string, prefixes: readonly string[]): PolicyStatement =>
  allow(
    ['s3:PutObject'],
    prefixes.map((prefix) => `${bucketArn}/${prefix}*`),
  );

/** Lists keys below prefixes. */
export const listObjects = (bucketArn: string, prefixes: readonly string[]): PolicyStatement =>
  allow(['s3:ListBucket'], [bucketArn], {
    StringLike: { 's3:prefix': prefixes.map((prefix) => `${prefix}*`) },
  });

/** Encrypts and decrypts through other services with a customer key. */
export const useKey = (keyArn: string): PolicyStatement => allow(['kms:Decrypt', 'kms:GenerateDataKey'], [keyArn]);

/** Traces of X-Ray have no resource to name. */
export const trace = (): PolicyStatement =>
  allow(
    ['xray:PutTraceSegments', 'xray:PutTelemetryRecords', 'xray:GetSamplingRules', 'xray:GetSamplingTargets'],
    ['*'],
  );
