import type {
  Difference,
  DifferenceKind,
  Recipe,
  ReproductionVerdict,
  RunDetail,
} from '../../contracts/reproduction.ts';
import { ENVIRONMENT_FILE, environmentChanges } from './environment.ts';
import type { ArchiveContent } from './read-archive.ts';
import { verdictOf } from './verdict.ts';

/** Folder of a model that holds the scripts it is served with. */
const CODE_FOLDER = 'code/';

/** Both runs of one recipe: what was recorded of the first, what is stored of it, and what the second one ran with and made. */
export interface ComparedRuns {
  readonly recorded: RunDetail;
  readonly original: ArchiveContent;
  readonly recipe: Recipe;
  readonly again: ArchiveContent;
}

/**
 * Compares two runs whose inputs are known to be the same. They are equal when every file of the model is, byte for byte; packing,
 * owners and dates do not count.
 */
export function compareRuns({ recorded, original, recipe, again }: ComparedRuns): ReproductionVerdict {
  const stored = artifactDifferences(recorded, original);
  // What came out as it was recorded is not to blame for what happened to the stored model since.
  const files = stored.length > 0 && again.filesHash === recorded.filesHash ? [] : fileDifferences(original, again);
  return verdictOf(
    [...recipeDifferences(recorded, recipe), ...stored, ...files],
    new Set([...original.files.keys(), ...again.files.keys()]).size,
  );
}

function artifactDifferences({ artifact, filesHash }: RunDetail, stored: ArchiveContent): readonly Difference[] {
  if (stored.filesHash === filesHash) return [];
  return [{ kind: 'artifact', what: artifact, original: filesHash, again: stored.filesHash }];
}

function recipeDifferences(recorded: Recipe, recipe: Recipe): readonly Difference[] {
  const settings = ({ imageUri, instanceType, hyperparameters }: Recipe) =>
    new Map([
      ...Object.entries(hyperparameters),
      // After the hyperparameters: one that is called so must not hide it.
      ['image', imageUri] as const,
      ['instance type', instanceType] as const,
    ]);
  return differing(settings(recorded), settings(recipe)).map((found) => ({ kind: 'parameters', ...found }));
}

function fileDifferences(original: ArchiveContent, again: ArchiveContent): readonly Difference[] {
  return differing(original.files, again.files).flatMap((found): readonly Difference[] => {
    if (found.what !== ENVIRONMENT_FILE) return [{ kind: kindOf(found.what), ...found }];
    const changes = environmentChanges(original.kept.get(ENVIRONMENT_FILE), again.kept.get(ENVIRONMENT_FILE));
    return (changes.length === 0 ? [found] : changes).map((change) => ({ kind: 'environment', ...change }));
  });
}

const kindOf = (file: string): DifferenceKind => (file.startsWith(CODE_FOLDER) ? 'code' : 'model');

function differing(original: ReadonlyMap<string, string>, again: ReadonlyMap<string, string>) {
  return [...new Set([...original.keys(), ...again.keys()])]
    .filter((what) => original.get(what) !== again.get(what))
    .map((what) => ({ what, original: original.get(what) ?? null, again: again.get(what) ?? null }));
}
