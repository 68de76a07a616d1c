import { ModelwayError } from '../../contracts/problems.ts';

/**
 * The key of an object of the lake that an S3 URI names.
 * @param below folder that it must lie in
 * @throws ModelwayError `foreign-object` when the URI leads elsewhere
 */
export function lakeKey(uri: string, bucket: string, below: string): string {
  const key = uri.startsWith(`s3://${bucket}/`) ? uri.slice(`s3://${bucket}/`.length) : '';
  if (key.startsWith(below) && key.length > below.length) return key;
  throw new ModelwayError('foreign-object', 'input', [
    { path: 'uri', message: 'is no object of the model', got: uri, fix: `put it below s3://${bucket}/${below}` },
  ]);
}
