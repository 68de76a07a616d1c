import { z } from 'zod';
import { ColumnNameSchema } from '../../contracts/data-schema.ts';

/**
 * The files that SageMaker Model Monitor's baseline jobs write (Developer Guide, "Schema for Statistics" and "Schema for
 * Constraints"), as far as they are needed here. Spark writes whole numbers as 418.0 and what it cannot compute as "NaN" or not at all.
 */
const CountSchema = z.number().int().min(0);
const MeasureSchema = z
  .union([z.number(), z.literal(['NaN', 'Infinity', '-Infinity']), z.null()])
  .optional()
  .transform((value) => (typeof value === 'number' ? value : undefined));

const CommonSchema = z.object({ num_present: CountSchema, num_missing: CountSchema });

const NumericalSchema = z.object({
  common: CommonSchema,
  mean: MeasureSchema,
  sum: MeasureSchema,
  std_dev: MeasureSchema,
  min: MeasureSchema,
  max: MeasureSchema,
  distribution: z
    .object({
      kll: z.object({
        buckets: z.array(z.object({ lower_bound: z.number(), upper_bound: z.number(), count: z.number().min(0) })),
        /** Levels of the sketch: a value of level i stands for 2ⁱ rows. */
        sketch: z.object({ data: z.array(z.array(z.number())) }).optional(),
      }),
    })
    .optional(),
});
export type NumericalStatistics = z.infer<typeof NumericalSchema>;

const StringSchema = z.object({
  common: CommonSchema,
  distinct_count: MeasureSchema,
  distribution: z
    .object({ categorical: z.object({ buckets: z.array(z.object({ value: z.string(), count: CountSchema })) }) })
    .optional(),
});
export type StringStatistics = z.infer<typeof StringSchema>;

const InferredTypeSchema = z.enum(['Integral', 'Fractional', 'String', 'Unknown']);

/** `statistics.json`. */
export const StatisticsSchema = z.object({
  version: z.number().max(0, 'is a version that is not known here'),
  dataset: z.object({ item_count: CountSchema }),
  features: z
    .array(
      z.object({
        name: ColumnNameSchema,
        inferred_type: InferredTypeSchema,
        numerical_statistics: NumericalSchema.optional(),
        string_statistics: StringSchema.optional(),
      }),
    )
    .min(1, 'must hold a feature'),
});
export type MonitorStatistics = z.infer<typeof StatisticsSchema>;

/** `constraints.json`. */
export const ConstraintsSchema = z.object({
  version: z.number().max(0, 'is a version that is not known here'),
  features: z.array(
    z.object({
      name: ColumnNameSchema,
      inferred_type: InferredTypeSchema,
      completeness: z.number().min(0).max(1).optional(),
      num_constraints: z.object({ is_non_negative: z.boolean().optional() }).optional(),
      string_constraints: z.object({ domains: z.array(z.string()).optional() }).optional(),
    }),
  ),
  monitoring_config: z
    .object({
      datatype_check_threshold: z.number().optional(),
      domain_content_threshold: z.number().optional(),
      distribution_constraints: z
        .object({
          comparison_threshold: z.number().optional(),
          comparison_method: z.string().optional(),
          categorical_comparison_threshold: z.number().optional(),
        })
        .optional(),
    })
    .optional(),
});
export type MonitorConstraints = z.infer<typeof ConstraintsSchema>;
