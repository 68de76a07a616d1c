import type { Difference, DifferenceKind, FrozenFile } from '../../contracts/reproduction.ts';

/**
 * Files of a run that are not what was recorded.
 * @param recorded the files as the run found them
 * @param found SHA-256 by key; null: it is not there any more
 * @param kindOf what a change of this file is a change of
 */
export function changedFiles(
  recorded: readonly FrozenFile[],
  found: ReadonlyMap<string, string | null>,
  kindOf: (key: string) => DifferenceKind,
): readonly Difference[] {
  return recorded.flatMap(({ key, sha256 }) => {
    const again = found.get(key) ?? null;
    return again === sha256 ? [] : [{ kind: kindOf(key), what: key, original: sha256, again }];
  });
}
