import { lakePrefix, type Scored } from '../../contracts/keys.ts';
import type { ModelConfig } from '../../contracts/model-config.ts';
import { expression, type Json } from './states.ts';
import { retry } from './tasks.ts';
import { type JobContext, volumeKey } from './training-job.ts';

/** The longest a batch job over the test set may take. */
export const TRANSFORM_TIMEOUT_SECONDS = 7200;

/**
 * A task that scores the frozen test features with one SageMaker Model. `modelName` is an expression.
 * Stands in a branch: what goes wrong is caught around all branches.
 */
export function score(model: ModelConfig, job: JobContext, who: Scored, modelName: string) {
  const instanceType = model.serving.kind === 'serverless' ? 'ml.m5.large' : model.serving.instanceType;
  const folder = `s3://${job.lakeBucket}/${lakePrefix.scores(model.name)}`;
  const args: Readonly<Record<string, Json>> = {
    TransformJobName: expression(
      `$snapshot.jobName & '-${who.slice(0, 2)}' & $string($states.context.State.RetryCount)`,
    ),
    ModelName: expression(modelName),
    BatchStrategy: 'MultiRecord',
    MaxPayloadInMB: 6,
    TransformInput: {
      ContentType: 'application/jsonlines',
      SplitType: 'Line',
      DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: expression('$snapshot.testUri') } },
    },
    TransformOutput: {
      S3OutputPath: expression(`'${folder}' & $execution & '/${who}'`),
      Accept: 'application/jsonlines',
      AssembleWith: 'Line',
      KmsKeyId: job.keyArn,
    },
    TransformResources: { InstanceType: instanceType, InstanceCount: 1, ...volumeKey(job.keyArn, [instanceType]) },
  };
  return {
    Type: 'Task',
    Resource: 'arn:aws:states:::sagemaker:createTransformJob.sync',
    Arguments: args,
    TimeoutSeconds: TRANSFORM_TIMEOUT_SECONDS,
    Retry: [retry('sagemaker')],
  } as const;
}
