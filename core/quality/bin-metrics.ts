import type { QualityMetric } from '../../contracts/quality.ts';
import type { ScoreBins } from './score-bins.ts';

/**
 * What one more positive or negative row in each score bin adds to a metric: its partial derivatives by `positives[b]` and
 * `negatives[b]`. Metrics do not change when every count is doubled, so over all rows the influences sum to 0.
 */
export interface BinInfluence {
  readonly positive: Float64Array;
  readonly negative: Float64Array;
}

/**
 * A metric of ascending score bins, whose counts may be real numbers (expected positives). Rows of one bin count as tied; bins from
 * `cut` on are predicted positive. NaN when it is not defined: a class or the predicted positives are empty.
 */
export function binMetric(metric: QualityMetric, bins: ScoreBins, cut: number): number {
  if (metric === 'auc') return aucOf(bins);
  const { truePositives, falsePositives, positives, rows } = decisionsOf(bins, cut);
  switch (metric) {
    case 'f1':
      return (2 * truePositives) / (truePositives + falsePositives + positives);
    case 'accuracy':
      return (2 * truePositives + rows - positives - falsePositives - truePositives) / rows;
    case 'precision':
      return truePositives / (truePositives + falsePositives);
    case 'recall':
      return truePositives / positives;
    default:
      return metric satisfies never;
  }
}

/** Partial derivatives of a metric by the counts of each bin. */
export function binInfluence(metric: QualityMetric, bins: ScoreBins, cut: number): BinInfluence {
  return metric === 'auc' ? aucInfluence(bins) : decisionInfluence(metric, bins, cut);
}

/** Derivative of a metric by the positives of each bin when the rows of the bin stay: a negative row becomes a positive one. */
export function binGradient(metric: QualityMetric, bins: ScoreBins, cut: number): Float64Array {
  const { positive, negative } = binInfluence(metric, bins, cut);
  return positive.map((value, bin) => value - (negative[bin] ?? 0));
}

/**
 * Variance of a metric over independent rows, to first order: Σ positives·φ₊² + negatives·φ₋². For the AUC this is DeLong's of the
 * binned scores (with P and N in place of P − 1 and N − 1).
 */
export function samplingVariance({ positives, negatives }: ScoreBins, { positive, negative }: BinInfluence): number {
  let variance = 0;
  for (let bin = 0; bin < positives.length; bin++)
    variance += (positives[bin] ?? 0) * (positive[bin] ?? 0) ** 2 + (negatives[bin] ?? 0) * (negative[bin] ?? 0) ** 2;
  return variance;
}

function aucOf({ positives, negatives }: ScoreBins): number {
  let [below, concordant, positiveCount] = [0, 0, 0];
  for (let bin = 0; bin < positives.length; bin++) {
    const [positive, negative] = [positives[bin] ?? 0, negatives[bin] ?? 0];
    concordant += positive * (below + negative / 2);
    below += negative;
    positiveCount += positive;
  }
  return concordant / (positiveCount * below);
}

function aucInfluence(bins: ScoreBins): BinInfluence {
  const { positives, negatives } = bins;
  const auc = aucOf(bins);
  const [positiveCount, negativeCount] = [sumOf(positives), sumOf(negatives)];
  const [positive, negative] = [new Float64Array(positives.length), new Float64Array(positives.length)];
  let [negativesBelow, positivesBelow] = [0, 0];
  for (let bin = 0; bin < positives.length; bin++) {
    const [tiedPositives, tiedNegatives] = [positives[bin] ?? 0, negatives[bin] ?? 0];
    positive[bin] = ((negativesBelow + tiedNegatives / 2) / negativeCount - auc) / positiveCount;
    negative[bin] = ((positiveCount - positivesBelow - tiedPositives / 2) / positiveCount - auc) / negativeCount;
    negativesBelow += tiedNegatives;
    positivesBelow += tiedPositives;
  }
  return { positive, negative };
}

function decisionInfluence(metric: Exclude<QualityMetric, 'auc'>, bins: ScoreBins, cut: number): BinInfluence {
  const value = binMetric(metric, bins, cut);
  const { truePositives, falsePositives, positives, rows } = decisionsOf(bins, cut);
  const fill = (above: number, below: number) =>
    new Float64Array(bins.positives.length).map((_, bin) => (bin >= cut ? above : below));
  switch (metric) {
    case 'f1': {
      const size = truePositives + falsePositives + positives;
      return { positive: fill((2 - 2 * value) / size, -value / size), negative: fill(-value / size, 0) };
    }
    case 'accuracy':
      return {
        positive: fill((1 - value) / rows, -value / rows),
        negative: fill(-value / rows, (1 - value) / rows),
      };
    case 'precision': {
      const size = truePositives + falsePositives;
      return { positive: fill((1 - value) / size, 0), negative: fill(-value / size, 0) };
    }
    case 'recall':
      return { positive: fill((1 - value) / positives, -value / positives), negative: fill(0, 0) };
    default:
      return metric satisfies never;
  }
}

function decisionsOf({ positives, negatives }: ScoreBins, cut: number) {
  const truePositives = sumOf(positives.subarray(cut));
  const falsePositives = sumOf(negatives.subarray(cut));
  const all = sumOf(positives);
  return { truePositives, falsePositives, positives: all, rows: all + sumOf(negatives) };
}

function sumOf(values: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] ?? 0;
  return sum;
}
