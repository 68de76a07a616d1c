import type { FunctionInput, FunctionOutput } from '../../contracts/functions.ts';
import { lakePrefix } from '../../contracts/keys.ts';
import { ENVIRONMENT_FILE, environmentPackages, environmentText } from '../../core/reproduction/environment.ts';
import { readArchive } from '../../core/reproduction/read-archive.ts';
import type { Lake } from '../aws/lake.ts';
import { lakeKey } from '../aws/lake-uri.ts';

/** Room for the list of files in a lineage record and on its way there; beyond it, their common hash says the same. */
const MOST_LISTED_CHARACTERS = 64_000;
const MOST_PACKAGE_CHARACTERS = 32_000;

/** What a trained model holds: the hash of every file, and the environment it was trained in. */
export async function describeArtifact(
  { model, artifact }: FunctionInput<'describe-artifact'>,
  { bucket, lake }: { readonly bucket: string; readonly lake: Lake },
): Promise<FunctionOutput<'describe-artifact'>> {
  const key = lakeKey(artifact, bucket, lakePrefix.training(model));
  const { files, filesHash, kept } = await readArchive(lake.stream(key), [ENVIRONMENT_FILE]);
  const packages = environmentPackages(kept.get(ENVIRONMENT_FILE));
  const listed = Object.fromEntries(files);
  return {
    files: JSON.stringify(listed).length > MOST_LISTED_CHARACTERS ? {} : listed,
    filesHash,
    environment: environmentText(kept.get(ENVIRONMENT_FILE)),
    packages: JSON.stringify(packages).length > MOST_PACKAGE_CHARACTERS ? {} : { ...packages },
  };
}
