import { poisson } from '../statistics/poisson.ts';
import type { Random } from '../statistics/random.ts';
import { jensenShannonDivergence } from './jensen-shannon.ts';
import { sharesOf, totalOf } from './shares.ts';

/** Draws of the null distribution; the fitted tail is stable from here on. */
export const NULL_DRAWS = 600;

type Counts = readonly number[];

/**
 * Divergences to expect between the baseline and a window of `rows` rows when rows are independent and nothing changed: both
 * samples are drawn anew from the baseline's shares (parametric bootstrap).
 */
export function independentRowsNull(
  baseline: Counts,
  rows: number,
  random: Random,
  draws: number = NULL_DRAWS,
): readonly number[] {
  const shares = sharesOf(baseline);
  const baselineRows = totalOf(baseline);
  return repeat(draws, () => divergence(sample(shares, baselineRows, random), sample(shares, rows, random)));
}

/**
 * The same when rows of one day resemble each other: the baseline's days are drawn again with replacement, as many for the
 * baseline as it has and as many for the window as it spans; the window's rows are then drawn from its days' shares.
 */
export function dayBlocksNull(
  days: readonly Counts[],
  rows: number,
  windowDays: number,
  random: Random,
): readonly number[] {
  return repeat(NULL_DRAWS, () => {
    const baseline = pooledDays(days, days.length, random);
    const window = sharesOf(pooledDays(days, windowDays, random));
    return divergence(baseline, sample(window, rows, random));
  });
}

function repeat(times: number, draw: () => number): readonly number[] {
  return Array.from({ length: times }, draw);
}

function divergence(baseline: Counts, window: Counts): number {
  return jensenShannonDivergence(sharesOf(baseline), sharesOf(window));
}

/** Counts of about `rows` rows. Independent Poisson counts are a multinomial sample once they are made shares. */
export function sample(shares: Counts, rows: number, random: Random): Counts {
  return shares.map((share) => (share === 0 ? 0 : poisson(share * rows, random)));
}

function pooledDays(days: readonly Counts[], howMany: number, random: Random): Counts {
  const pooled = new Array<number>(days[0]?.length ?? 0).fill(0);
  for (let drawn = 0; drawn < howMany; drawn++)
    days[Math.floor(random() * days.length)]?.forEach((count, bin) => {
      pooled[bin] = (pooled[bin] ?? 0) + count;
    });
  return pooled;
}
