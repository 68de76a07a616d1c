import { z } from 'zod';

const ObjectVersionSchema = z.object({ key: z.string(), versionId: z.string(), size: z.int() });

/**
 * What an intake decided before it read a byte, written once under the name of its execution: a second try of the same intake, whenever
 * it comes, reads the same object versions and compares them with the same dataset version.
 */
export const FrozenIntakeSchema = z.object({
  /** Data files in order of their keys; of a single file, that file. */
  files: z.array(ObjectVersionSchema),
  /** The folder's prefix, ending in a slash; null for a single file. */
  folder: z.string().nullable(),
  /** Null where the folder has none. */
  manifest: ObjectVersionSchema.nullable(),
  /** Why the folder is no upload of its own; null when it is. */
  problem: z.string().nullable(),
  /** The dataset version that was accepted last, to tell drift against; null when there was none of the present schema. */
  previous: z.string().nullable(),
});
export type FrozenIntake = z.infer<typeof FrozenIntakeSchema>;
