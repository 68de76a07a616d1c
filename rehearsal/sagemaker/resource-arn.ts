import { ACCOUNT, REGION } from '../sidecar/environment.ts';

/** ARN of a SageMaker resource, such as `endpoint/flights`. */
export const arn = (kind: string, name: string) => `arn:aws:sagemaker:${REGION}:${ACCOUNT}:${kind}/${name}`;

/** The name at the end of an ARN; a bare name is its own. */
export const nameOf = (arnOrName: string) => arnOrName.slice(arnOrName.lastIndexOf('/') + 1);
