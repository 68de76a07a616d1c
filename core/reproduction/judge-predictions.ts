import type { PredictionComparison, ReproductionVerdict } from '../../contracts/reproduction.ts';

const MOST_NAMED = 3;

/**
 * Completes a verdict on files by what both models answered. A model counts as reproduced within tolerance when nothing but its own
 * files differs and its predictions are near enough; what else differs is never made good by predictions.
 * @param compared verdict on the files of two models, some of which differ
 */
export function judgePredictions(
  compared: ReproductionVerdict,
  predictions: PredictionComparison,
): ReproductionVerdict {
  const onlyModel = compared.differed.every(({ kind }) => kind === 'model');
  if (!onlyModel || !predictions.within)
    return { ...compared, predictions, summary: `${compared.summary}; ${predictionText(predictions)}` };
  const names = compared.differed.map(({ what }) => what);
  const shown = names.slice(0, MOST_NAMED).join(', ') + (names.length > MOST_NAMED ? ' and others' : '');
  return {
    ...compared,
    outcome: 'reproduced-within-tolerance',
    summary: `reproduced within tolerance: files of the model differ (${shown}), and ${predictionText(predictions)}`,
    predictions,
  };
}

/** How far the predictions of two models lie apart, and how far they may, as half a sentence. */
export function predictionText(found: PredictionComparison): string {
  const { rows, maxDifference, meanDifference, flipped, tolerance } = found;
  if (maxDifference === 0 && flipped === 0) return `all ${rows} predictions on the frozen test set are the same`;
  return [
    `predictions on the frozen test set differ by at most ${number(maxDifference)} (${number(tolerance.maxDifference)} is allowed)`,
    `by ${number(meanDifference)} on average (${number(tolerance.meanDifference)})`,
    `and ${flipped} of ${rows} labels are others (${number(Math.floor(tolerance.flippedShare * rows))})`,
  ].join(', ');
}

const number = (value: number): string => String(Number(value.toPrecision(3)));
