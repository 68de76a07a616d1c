import type { CategoryProfile, FeatureProfile, NumericProfile, Pairs, Profile } from '../../contracts/profile.ts';
import { binomial } from '../../core/statistics/binomial.ts';
import { normalTail } from '../../core/statistics/gamma.ts';
import { poisson } from '../../core/statistics/poisson.ts';
import type { Random } from '../../core/statistics/random.ts';
import { drawPairs } from './wishart.ts';

/** Twenty numeric and ten category features, as in the measurements the engine's defaults came from. */
export const NUMERIC = Array.from({ length: 20 }, (_, i) => `n${String(i).padStart(2, '0')}`);
export const CATEGORIES = Array.from({ length: 10 }, (_, i) => `c${i}`);

/** How one feature of a window differs from the baseline; all left out: not at all. */
export interface Change {
  /** Standard deviations that the mean moves by. */
  readonly shift?: number;
  /** Factor of the spread. */
  readonly spread?: number;
  /** Share of rows that get three times the spread. */
  readonly tails?: number;
  /** Share of rows that move from the most frequent category to the second. */
  readonly moved?: number;
  /** Share of rows with a category that the baseline never had. */
  readonly unseen?: number;
  /** Share of missing values beyond the baseline's 2 %. */
  readonly missing?: number;
}

/** How a window differs: per feature, and in the correlation of neighbouring numeric features. */
export interface Drift {
  readonly features?: Readonly<Record<string, Change>>;
  readonly correlation?: number;
}

const BASE_MISSING = 0.02;
/** Correlation of each pair (0, 1), (2, 3), … of numeric features. */
const CORRELATION = 0.4;
const STORED_BINS = 200;
/** Values of the category features, most of them few, one of them many. */
const CARDINALITIES = [2, 3, 4, 6, 8, 12, 20, 40, 120, 400] as const;

/** Normal quantiles at i / 200; a feature of any continuous distribution looks the same over quantile bins. */
const EDGES = Array.from({ length: STORED_BINS - 1 }, (_, i) => quantile((i + 1) / STORED_BINS));

/** Inverse of the normal distribution function by bisection. */
function quantile(p: number): number {
  let [low, high] = [-10, 10];
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (normalTail(-middle) < p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

const UNCHANGED: Change = {};
const QUIET = normalShares(UNCHANGED);

/** Shares of the stored bins for a changed normal feature. */
function numericShares(change: Change): readonly number[] {
  const { shift, spread, tails } = change;
  return shift === undefined && spread === undefined && tails === undefined ? QUIET : normalShares(change);
}

function normalShares({ shift = 0, spread = 1, tails = 0 }: Change): readonly number[] {
  const below = (edge: number) => {
    const [core, wide] = [(edge - shift) / spread, (edge - shift) / (3 * spread)];
    return (1 - tails) * normalTail(-core) + tails * normalTail(-wide);
  };
  const cumulative = [0, ...EDGES.map(below), 1];
  return cumulative.slice(1).map((upper, bin) => upper - (cumulative[bin] ?? 0));
}

/** Shares of a category feature: falling like 1 / rank, then what changed; the last is the share of unseen values. */
function categoryShares(index: number, { moved = 0, unseen = 0 }: Change): readonly number[] {
  const count = CARDINALITIES[index] ?? 2;
  const weights = Array.from({ length: count }, (_, rank) => 1 / (rank + 1));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const known = weights.map((weight, rank) => {
    const share = weight / total;
    return (1 - unseen) * (rank === 0 ? share - moved : rank === 1 ? share + moved : share);
  });
  return [...known, unseen];
}

const MEANS = EDGES.map((edge, i) => (edge + (EDGES[i - 1] ?? edge - 0.4)) / 2).concat((EDGES.at(-1) ?? 0) + 0.2);

function drawNumeric(change: Change, rows: number, random: Random): NumericProfile {
  const missing = binomial(rows, BASE_MISSING + (change.missing ?? 0), random);
  const counts = numericShares(change).map((share) => poisson(share * (rows - missing), random));
  const present = counts.reduce((sum, count) => sum + count, 0);
  const sums = counts.map((count, bin) => count * (MEANS[bin] ?? 0));
  return {
    kind: 'numeric',
    edges: EDGES,
    counts,
    sums,
    rows: present + missing,
    missing,
    sum: sums.reduce((total, sum) => total + sum, 0),
    sumOfSquares: sums.reduce((total, sum, bin) => total + sum * (MEANS[bin] ?? 0), 0),
    min: null,
    max: null,
  };
}

const VALUES = CARDINALITIES.map((count) => Array.from({ length: count }, (_, rank) => `v${rank}`));

function drawCategory(index: number, change: Change, rows: number, random: Random): CategoryProfile {
  const missing = binomial(rows, BASE_MISSING + (change.missing ?? 0), random);
  const drawn = categoryShares(index, change).map((share) =>
    share === 0 ? 0 : poisson(share * (rows - missing), random),
  );
  const counts = drawn.slice(0, -1);
  const other = drawn.at(-1) ?? 0;
  const present = counts.reduce((sum, count) => sum + count, other);
  return { kind: 'category', values: VALUES[index] ?? [], counts, other, rows: present + missing, missing };
}

/**
 * A profile of about `rows` rows, drawn from the shares of its bins: Poisson counts, which are a multinomial sample once the total is
 * left to chance. `pairs` are drawn as exact second moments of normal rows, or left out.
 */
export function drawProfile(rows: number, drift: Drift, random: Random, withPairs = true): Profile {
  const change = (name: string) => drift.features?.[name] ?? UNCHANGED;
  const features: [string, FeatureProfile][] = [
    ...NUMERIC.map((name): [string, FeatureProfile] => [name, drawNumeric(change(name), rows, random)]),
    ...CATEGORIES.map((name, i): [string, FeatureProfile] => [name, drawCategory(i, change(name), rows, random)]),
  ];
  const profile = { version: 1, rows, features: Object.fromEntries(features) } as const;
  return withPairs ? { ...profile, pairs: drawnPairs(rows, drift, random) } : profile;
}

function drawnPairs(rows: number, { correlation = CORRELATION }: Drift, random: Random): Pairs {
  const rho = (i: number) => (i === 0 ? correlation : CORRELATION);
  return drawPairs(NUMERIC, rows, rho, random);
}
