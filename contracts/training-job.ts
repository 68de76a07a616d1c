/**
 * How a training job finds its code. Jobs run without network, where the ready-made images cannot fetch
 * `sagemaker_submit_directory` from S3; SageMaker therefore brings the bundle in as one more channel, and the hyperparameter names
 * the file in the container: `/opt/ml/input/data/code/<file>`.
 */
export const CODE_CHANNEL = 'code';

/** Folder of a channel inside the container. */
export const channelFolder = (channel: string) => `/opt/ml/input/data/${channel}`;

/** Environment every model container gets, besides MODELWAY_MODEL_PACKAGE and MODELWAY_MODEL. */
export const SERVING_ENVIRONMENT = {
  SAGEMAKER_PROGRAM: 'inference.py',
  SAGEMAKER_SUBMIT_DIRECTORY: '/opt/ml/model/code',
  SAGEMAKER_CONTAINER_LOG_LEVEL: '20',
} as const;
