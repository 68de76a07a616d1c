import type { PredictionTolerance } from '../../contracts/prediction-tolerance.ts';
import { ModelwayError } from '../../contracts/problems.ts';
import type { PredictionComparison } from '../../contracts/reproduction.ts';

/** What a model answered to one row. */
export interface Answer {
  readonly score: number;
  readonly label: number;
}

/**
 * Compares what two models answered to the same rows in the same order: max |p − q|, (1/n) Σ |p − q| and how many labels differ.
 * Holds one row of each at a time.
 * @throws ModelwayError `unequal-scores` when one of them answered more rows than the other, or none
 */
export async function comparePredictions(
  original: AsyncIterable<Answer>,
  again: AsyncIterable<Answer>,
  tolerance: PredictionTolerance,
): Promise<PredictionComparison> {
  const others = again[Symbol.asyncIterator]();
  let [rows, most, sum, flipped] = [0, 0, 0, 0];
  for await (const first of original) {
    const other = await others.next();
    if (other.done === true) throw unequal(`the rebuilt model answered ${rows} rows only`);
    const difference = Math.abs(first.score - other.value.score);
    rows += 1;
    sum += difference;
    if (difference > most) most = difference;
    if (first.label !== other.value.label) flipped += 1;
  }
  if ((await others.next()).done !== true) throw unequal(`the first model answered ${rows} rows only`);
  if (rows === 0) throw unequal('neither model answered a row');
  const found = { rows, maxDifference: most, meanDifference: sum / rows, flipped };
  return { ...found, tolerance, within: isWithin(found, tolerance) };
}

const isWithin = (
  { rows, maxDifference, meanDifference, flipped }: Omit<PredictionComparison, 'tolerance' | 'within'>,
  tolerance: PredictionTolerance,
): boolean =>
  maxDifference <= tolerance.maxDifference &&
  meanDifference <= tolerance.meanDifference &&
  flipped <= tolerance.flippedShare * rows;

const unequal = (message: string): ModelwayError =>
  new ModelwayError('unequal-scores', 'modelway', [
    { path: 'scores', message, fix: 'both must be scored on the whole frozen test set; reproduce it again' },
  ]);
