import { createHash } from 'node:crypto';
import { REGION } from '../sidecar/environment.ts';
import { invalid } from './service-error.ts';

/** SageMaker's ready-made XGBoost images in the rehearsal's region. */
const REGISTRY = `683313688378.dkr.ecr.${REGION}.amazonaws.com`;
const REPOSITORY = 'sagemaker-xgboost';
const TAGS = ['1.7-1', '3.0-5', '3.2-0'] as const;

/** The images whose scripts the rehearsal can run: it has their Python stack, not the images themselves. */
export const READY_MADE_IMAGES: readonly string[] = TAGS.map((tag) => `${REGISTRY}/${REPOSITORY}:${tag}`);

/** The rehearsal has no images, so a digest is that of the image's name: the same for the same tag, and of the form that SageMaker tells. */
export const imageDigest = (image: string): string =>
  /@(sha256:[0-9a-f]{64})$/.exec(image)?.[1] ?? `sha256:${createHash('sha256').update(image).digest('hex')}`;

/** @throws ServiceError when the image is not one of `READY_MADE_IMAGES` */
export function readyMadeImage(image: string | undefined, where: string): string {
  if (image !== undefined && READY_MADE_IMAGES.includes(image)) return image;
  throw invalid(
    `${where}: the rehearsal runs SageMaker's ready-made XGBoost images only (got ${image ?? 'no image'}; ` +
      `allowed: ${READY_MADE_IMAGES.join(', ')}); images of your own run on AWS only`,
  );
}
