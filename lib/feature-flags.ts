import type { Construct } from 'constructs';

/** CDK behaviour that the templates are written and checked for, so that they come out the same in any app. */
const FLAGS = {
  '@aws-cdk/core:enablePartitionLiterals': true,
  '@aws-cdk/core:target-partitions': ['aws'],
  '@aws-cdk/aws-iam:minimizePolicies': true,
  '@aws-cdk/aws-s3:createDefaultLoggingPolicy': true,
  '@aws-cdk/aws-s3:serverAccessLogsUseBucketPolicy': true,
} as const;

/** Fixes the flags for a stack, whatever `cdk.json` says. Call it before anything is put in. */
export function fixFeatureFlags(stack: Construct): void {
  for (const [flag, value] of Object.entries(FLAGS)) stack.node.setContext(flag, value);
}
