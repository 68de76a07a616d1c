import { captureHourPrefix, captureVariantPrefix } from '../../contracts/keys.ts';
import { VARIANT_NAME } from '../../contracts/names.ts';
import type { Lake, ListedObject } from './lake.ts';

/** Whose captures: SageMaker writes them below the endpoint's name. */
export interface CapturedEndpoint {
  readonly model: string;
  readonly endpoint: string;
}

/** Capture files of the hours from `from` to before `to`, both on the hour; one listing, however many hours there are. */
export function capturedFiles(
  { model, endpoint }: CapturedEndpoint,
  from: Date,
  to: Date,
  lake: Pick<Lake, 'list'>,
): Promise<readonly ListedObject[]> {
  const folderOf = (hour: Date) => captureHourPrefix(model, endpoint, VARIANT_NAME, hour);
  return lake.list(captureVariantPrefix(model, endpoint, VARIANT_NAME), {
    after: folderOf(from),
    before: folderOf(to),
  });
}
