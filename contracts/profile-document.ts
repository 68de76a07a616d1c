import { z } from 'zod';
import { FeatureSchema } from './features.ts';
import { BaselineSchema } from './profile.ts';

/** The document `modelway profile` writes: a baseline, and the features by which other rows are profiled over its bins. */
export const ProfileDocumentSchema = z.object({
  version: z.literal(1),
  features: z.array(FeatureSchema),
  /** Columns of text, watched by their length. Absent: none. */
  texts: z.array(z.string()).optional(),
  /** Columns of timestamps beside the row's own time, watched as they are. Absent: none. */
  instants: z.array(z.string()).optional(),
  /** The column that tells the day of a row; null when there is none. */
  time: z.string().nullable(),
  baseline: BaselineSchema,
});
export type ProfileDocument = z.infer<typeof ProfileDocumentSchema>;
