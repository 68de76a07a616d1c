import { REGION } from '../sidecar/environment.ts';
import { invalid } from './service-error.ts';

/** SageMaker's ready-made XGBoost images in the rehearsal's region. */
const REGISTRY = `683313688378.dkr.ecr.${REGION}.amazonaws.com`;
const REPOSITORY = 'sagemaker-xgboost';
const TAGS = ['1.7-1', '3.0-5', '3.2-0'] as const;

/** The images whose scripts the rehearsal can run: it has their Python stack, not the images themselves. */
export const READY_MADE_IMAGES: readonly string[] = TAGS.map((tag) => `${REGISTRY}/${REPOSITORY}:${tag}`);

/** @throws ServiceError when the image is not one of `READY_MADE_IMAGES` */
export function refuseOtherImages(image: string | undefined, where: string): void {
  if (image !== undefined && READY_MADE_IMAGES.includes(image)) return;
  throw invalid(
    `${where}: the rehearsal runs SageMaker's ready-made XGBoost images only (got ${image ?? 'no image'}; ` +
      `allowed: ${READY_MADE_IMAGES.join(', ')}); images of your own run on AWS only`,
  );
}
