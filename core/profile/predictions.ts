import { type Baseline, PREDICTION, type Profile } from '../../contracts/profile.ts';
import { profileBlock } from './blocks.ts';
import { quantileEdges } from './edges.ts';
import { profileNumbers } from './numeric.ts';

/**
 * A baseline of inputs completed with the scores a model gave to its test rows, and with how much each feature matters. `days` holds
 * the day of each score (NaN: none): days of the test set lie after those of the training rows, so they are added, and hold
 * predictions only.
 */
export function withPredictions(
  baseline: Baseline,
  scores: readonly number[],
  days: readonly number[],
  importance: Readonly<Record<string, number>>,
): Baseline {
  const edges = quantileEdges(Float64Array.from(scores));
  const predictions = (values: readonly number[]): Profile => ({
    version: 1,
    rows: values.length,
    features: { [PREDICTION]: profileNumbers(edges, Float64Array.from(values)) },
  });
  const whole = predictions(scores);
  const byDay = Map.groupBy(scores.keys(), (row) => days[row] ?? Number.NaN);
  const dated = [...byDay].filter(([day]) => !Number.isNaN(day)).sort(([a], [b]) => a - b);
  const predictionDays = dated.map(([, rows]) =>
    profileBlock(whole, predictions(rows.map((row) => scores[row] ?? Number.NaN))),
  );
  return {
    ...baseline,
    profile: { ...baseline.profile, features: { ...baseline.profile.features, ...whole.features } },
    days: [...baseline.days, ...predictionDays],
    importance: { ...importance },
  };
}
