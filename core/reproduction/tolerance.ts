import type { ModelConfig } from '../../contracts/model-config.ts';
import type { PredictionTolerance } from '../../contracts/prediction-tolerance.ts';

/** Not one bit: what trains in a fixed order gives the same model again. */
const EXACT: PredictionTolerance = { maxDifference: 0, meanDifference: 0, flippedShare: 0 };

/** Sums in another order change the last digits of each step; over a training that grows to a few thousandths of a probability. */
const NEARLY: PredictionTolerance = { maxDifference: 0.01, meanDifference: 0.001, flippedShare: 0.001 };

/** Instance families with GPUs or other accelerators, whose sums have no fixed order. */
const ACCELERATED = /^ml\.(g|p|trn|inf)\d/;

/**
 * How far the predictions of a rebuilt model may lie from the first one's: what the config says, else nothing where the algorithm is
 * deterministic (XGBoost's `hist` on CPUs with a fixed seed and thread count), else a little.
 * @param instanceType what the run trained on
 */
export function predictionTolerance(
  { image, tolerance }: Pick<ModelConfig['training'], 'image' | 'tolerance'>,
  instanceType: string,
): PredictionTolerance {
  if (tolerance !== undefined) return tolerance;
  return image.startsWith('xgboost-') && !ACCELERATED.test(instanceType) ? EXACT : NEARLY;
}
