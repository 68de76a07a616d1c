import type { FunctionInput, FunctionOutput } from '../../contracts/functions.ts';
import { lakePrefix } from '../../contracts/keys.ts';
import { ENVIRONMENT_FILE, environmentText } from '../../core/reproduction/environment.ts';
import { readArchive } from '../../core/reproduction/read-archive.ts';
import type { Lake } from '../aws/lake.ts';
import { lakeKey } from '../aws/lake-uri.ts';

/** Files that a lineage record lists; with more, their common hash says the same in less room. */
const MOST_LISTED = 400;

/** What a trained model holds: the hash of every file, and the environment it was trained in. */
export async function describeArtifact(
  { model, artifact }: FunctionInput<'describe-artifact'>,
  { bucket, lake }: { readonly bucket: string; readonly lake: Lake },
): Promise<FunctionOutput<'describe-artifact'>> {
  const key = lakeKey(artifact, bucket, lakePrefix.training(model));
  const { files, filesHash, kept } = await readArchive(lake.stream(key), [ENVIRONMENT_FILE]);
  return {
    files: files.size > MOST_LISTED ? {} : Object.fromEntries(files),
    filesHash,
    environment: environmentText(kept.get(ENVIRONMENT_FILE)),
  };
}
