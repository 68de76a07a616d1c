import { z } from 'zod';
import { ColumnNameSchema, type DataSchema } from './data-schema.ts';

/** One step of the single feature transform; training, batch and serving all apply the fitted form of these. */
export const FeatureSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('numeric'),
    column: ColumnNameSchema,
    /** What a missing value becomes. Left out: it stays missing (XGBoost handles it). */
    impute: z.enum(['none', 'median', 'mean', 'zero']).optional(),
    /** Left out: no scaling. */
    scale: z.enum(['none', 'standard', 'min-max']).optional(),
    /** Clip to [low, high] before scaling. Left out: no clipping. */
    clip: z.tuple([z.number(), z.number()]).optional(),
  }),
  z.strictObject({
    kind: z.literal('category'),
    column: ColumnNameSchema,
    /** Keep the most frequent values; others become missing. Left out: 1000. */
    maxValues: z.int().positive().max(100_000).optional(),
  }),
  z.strictObject({ kind: z.literal('hour'), column: ColumnNameSchema }),
  z.strictObject({ kind: z.literal('weekday'), column: ColumnNameSchema }),
  z.strictObject({ kind: z.literal('boolean'), column: ColumnNameSchema }),
]);
export type Feature = z.infer<typeof FeatureSchema>;

/** The features a model gets when its config names none: every input column in the form that fits its kind. */
export function defaultFeatures(data: DataSchema): Feature[] {
  return data.columns.flatMap((column): Feature[] => {
    if (column.name === data.target || column.name === data.entity) return [];
    switch (column.kind) {
      case 'numeric':
        return [{ kind: 'numeric', column: column.name }];
      case 'categorical':
        return [{ kind: 'category', column: column.name }];
      case 'boolean':
        return [{ kind: 'boolean', column: column.name }];
      case 'timestamp':
        return [
          { kind: 'hour', column: column.name },
          { kind: 'weekday', column: column.name },
        ];
      case 'text':
      case 'identifier':
        return [];
      default:
        return column.kind satisfies never;
    }
  });
}

/** The name a feature has in explanations: the column's, or `<column>.hour` and `<column>.weekday`. */
export function featureName(feature: Feature): string {
  return feature.kind === 'hour' || feature.kind === 'weekday' ? `${feature.column}.${feature.kind}` : feature.column;
}
