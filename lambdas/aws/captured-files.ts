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
  of: CapturedEndpoint,
  from: Date,
  to: Date,
  lake: Pick<Lake, 'list'>,
): Promise<readonly ListedObject[]> {
  const range = { after: captureFolder(of, from), before: captureFolder(of, to) };
  return lake.list(captureVariantPrefix(of.model, of.endpoint, VARIANT_NAME), range);
}

/** Folder of the hour that an instant lies in; folders sort by their hours, and files by their folders. */
export const captureFolder = ({ model, endpoint }: CapturedEndpoint, at: Date): string =>
  captureHourPrefix(model, endpoint, VARIANT_NAME, at);
