import { codeKey, lakePrefix } from '../../contracts/keys.ts';
import { ModelwayError } from '../../contracts/problems.ts';
import { sha256 } from '../../core/lineage/canonical-json.ts';
import type { Lake } from '../aws/lake.ts';
import { lakeKey } from '../aws/lake-uri.ts';

/** Source bundles are scripts; what is larger holds data or models, which have other places. */
const MOST_BUNDLE_BYTES = 256 * 2 ** 20;

/**
 * Makes sure that the source bundle of a run lies in the lake under the name of its content, and trains from there: what lies in
 * other places is replaced or cleaned away in time.
 * @throws ModelwayError `foreign-object` for a bundle that is not below `code/<model>/`, `unusable-code` for one that is too large
 */
export async function freezeCode(
  codeUri: string,
  model: string,
  { bucket, lake }: { readonly bucket: string; readonly lake: Lake },
): Promise<{ readonly codeUri: string; readonly codeHash: string }> {
  const key = lakeKey(codeUri, bucket, lakePrefix.code(model));
  const bundle = await bounded(lake.stream(key), codeUri);
  const codeHash = sha256(bundle);
  const frozen = codeKey(model, codeHash);
  if (frozen !== key) await lake.putBytes(frozen, bundle, 'application/gzip');
  return { codeUri: `s3://${bucket}/${frozen}`, codeHash };
}

async function bounded(chunks: AsyncIterable<Uint8Array>, codeUri: string): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of chunks) {
    parts.push(chunk);
    bytes += chunk.length;
    if (bytes > MOST_BUNDLE_BYTES)
      throw new ModelwayError('unusable-code', 'input', [
        {
          path: 'codeUri',
          message: `is larger than ${MOST_BUNDLE_BYTES} bytes`,
          got: codeUri,
          fix: 'bundle the scripts only; data belongs in the inbox',
        },
      ]);
  }
  return Buffer.concat(parts);
}
