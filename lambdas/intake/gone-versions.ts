import type { IntakeTools } from './intake-tools.ts';

/** What is said of an object version that was deleted before it was read. */
export const GONE = 'was deleted before it was taken in';

/**
 * Whether an object version is there no more. Asked by listing: S3 answers "forbidden" for what is gone where the right to list is bound
 * to a prefix.
 */
export async function isGone(
  { key, versionId }: { readonly key: string; readonly versionId: string },
  { versions }: Pick<IntakeTools, 'versions'>,
): Promise<boolean> {
  for await (const version of versions(key)) {
    if (version.key !== key) return true;
    if (version.versionId === versionId) return false;
  }
  return true;
}
