import { z } from 'zod';

/**
 * How far the predictions of two models may lie apart that count as one. Scores are probabilities, so the first two are shares too.
 * All 0: every prediction must be the same, bit for bit.
 */
export const PredictionToleranceSchema = z.strictObject({
  /** Largest |difference| of two scores of one row, 0–1. */
  maxDifference: z.number().min(0).max(1),
  /** Mean |difference| over all rows, 0–1. */
  meanDifference: z.number().min(0).max(1),
  /** Share of the rows that may get another label, 0–1. */
  flippedShare: z.number().min(0).max(1),
});
export type PredictionTolerance = z.infer<typeof PredictionToleranceSchema>;
