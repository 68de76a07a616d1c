import type { QualityReport } from '../../contracts/quality.ts';
import type { AttributionSums, QualitySetup } from '../../contracts/quality-window.ts';
import { type Random, seededRandom } from '../statistics/random.ts';

type AttributionDrift = NonNullable<QualityReport['attribution']>;
type AttributionReference = NonNullable<QualitySetup['attribution']>;

const LEAST_ROWS = 200;
const LEAST_DAYS = 10;
/** Without days of the reference nobody knows how much ranking chance allows; the bound SageMaker Clarify uses. */
const UNCALIBRATED_BOUND = 0.9;
/** An agreement above this is no change worth telling, however sure. */
const LARGEST_DRIFTED = 0.98;
const DRAWS = 1000;
/** Share of windows without drift that fall below the calibrated bound. */
const LEVEL = 0.005;

/** No explained rows. */
export const noAttribution = (features: number): AttributionSums => ({
  rows: 0,
  sums: new Array<number>(features).fill(0),
});

/** Both together. */
export function mergeAttribution(a: AttributionSums, b: AttributionSums): AttributionSums {
  return { rows: a.rows + b.rows, sums: a.sums.map((sum, feature) => sum + (b.sums[feature] ?? 0)) };
}

/**
 * Normalised discounted cumulative gain (Järvelin & Kekäläinen 2002): how well `window` ranks features that are worth `reference`. 1 when
 * both rank alike; changes at the top weigh most.
 */
export function rankAgreement(reference: readonly number[], window: readonly number[]): number {
  const gain = (order: readonly number[]) =>
    order.reduce((sum, feature, rank) => sum + (reference[feature] ?? 0) / Math.log2(rank + 2), 0);
  const ranked = (values: readonly number[]) =>
    [...values.keys()].sort((a, b) => (values[b] ?? 0) - (values[a] ?? 0) || a - b);
  const best = gain(ranked(reference));
  return best === 0 ? 1 : gain(ranked(window)) / best;
}

/**
 * Whether the model leans on its features in another order than on held-out rows: agreement of the rankings by mean |SHAP|. With ten days
 * of the reference the bound is what windows of as many such days fall below once in two hundred; otherwise 0.9.
 * Null when nothing was explained.
 * @param days the window's days; as many are drawn for the bound
 */
export function attributionDrift(
  reference: AttributionReference | null,
  days: readonly AttributionSums[],
  seed: number,
): AttributionDrift | null {
  if (reference === null) return null;
  const explained = days.filter(({ rows }) => rows > 0);
  const whole = explained.reduce(mergeAttribution, noAttribution(reference.names.length));
  if (whole.rows === 0) return null;
  const agreement = rankAgreement(reference.whole.sums, whole.sums);
  const bound = boundOf(reference, explained.length, seededRandom(seed));
  const features = reference.names.map((name, index) => ({
    name,
    reference: meanOf(reference.whole, index),
    window: meanOf(whole, index),
  }));
  const verdict = whole.rows < LEAST_ROWS ? 'too-little-data' : agreement < bound ? 'drift' : 'none';
  return { verdict, agreement, features, message: messageOf(verdict, agreement, bound, whole.rows, features) };
}

/**
 * Agreements of windows without drift, each feature's mean drawn from a normal curve with the spread of the reference's days: the few days
 * there are would not reach so far into the tail if they were drawn themselves.
 */
function boundOf({ whole, days }: AttributionReference, windowDays: number, random: Random): number {
  if (days.length < LEAST_DAYS) return UNCALIBRATED_BOUND;
  const means = whole.sums.map((_, feature) => meanOf(whole, feature));
  const scale = Math.sqrt(1 / windowDays + 1 / days.length);
  const errors = means.map((mean, feature) => {
    const squares = days.map((day) => (meanOf(day, feature) - mean) ** 2);
    return scale * Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / (days.length - 1));
  });
  const draws = Array.from({ length: DRAWS }, () =>
    rankAgreement(
      means,
      means.map((mean, feature) => mean + (errors[feature] ?? 0) * normalDraw(random)),
    ),
  ).sort((x, y) => x - y);
  return Math.min(LARGEST_DRIFTED, draws[Math.floor(LEVEL * DRAWS)] ?? UNCALIBRATED_BOUND);
}

/** Box & Muller (1958). */
function normalDraw(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

const meanOf = ({ rows, sums }: AttributionSums, feature: number) => (rows === 0 ? 0 : (sums[feature] ?? 0) / rows);

function messageOf(
  verdict: AttributionDrift['verdict'],
  agreement: number,
  bound: number,
  rows: number,
  features: AttributionDrift['features'],
): string {
  if (verdict === 'too-little-data')
    return `${rows} explained rows are too few to judge attributions (${LEAST_ROWS} are needed)`;
  const shown = `rankings of the features agree by ${agreement.toFixed(3)}`;
  if (verdict === 'none') return shown;
  const [moved] = features.toSorted((a, b) => Math.abs(b.window - b.reference) - Math.abs(a.window - a.reference));
  const most =
    moved &&
    `; most moved ${moved.name}, mean |SHAP| ${moved.reference.toPrecision(2)} → ${moved.window.toPrecision(2)}`;
  return `${shown}, below ${bound.toFixed(3)}: the model leans on other features than in the reference${most ?? ''}`;
}
