import { binomial } from '../statistics/binomial.ts';
import { poisson } from '../statistics/poisson.ts';
import type { Random } from '../statistics/random.ts';
import { type Blocks, baselineRun, windowRun } from './blocks.ts';
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
 * The same when rows of one hour or day resemble each other (circular block bootstrap, Politis & Romano 1992): runs of the
 * baseline's blocks are drawn again with replacement, until the baseline has as many as it had and the window as many as it spans.
 * A subsample of the window's blocks then has its number of rows; blocks with fewer rows stay as they are, which errs on the side
 * of calm.
 */
export function blocksNull(blocks: Blocks<Counts>, rows: number, random: Random): readonly number[] {
  return repeat(NULL_DRAWS, () => {
    const baseline = pooledRuns(blocks.baseline, blocks.baseline.length, baselineRun(blocks), random);
    return divergence(
      baseline,
      thinned(pooledRuns(blocks.window, blocks.span, windowRun(blocks), random), rows, random),
    );
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

/** About `rows` of the counted rows, drawn without replacement; all of them when there are no more. */
function thinned(counts: Counts, rows: number, random: Random): Counts {
  const share = rows / totalOf(counts);
  return share >= 1 ? counts : counts.map((count) => binomial(count, share, random));
}

/** Counts of `howMany` blocks, drawn as runs of neighbours; after the last block comes the first. */
function pooledRuns(blocks: readonly Counts[], howMany: number, run: number, random: Random): Counts {
  const pooled = new Array<number>(blocks[0]?.length ?? 0).fill(0);
  let start = 0;
  for (let drawn = 0; drawn < howMany; drawn++) {
    if (drawn % run === 0) start = Math.floor(random() * blocks.length);
    blocks[(start + (drawn % run)) % blocks.length]?.forEach((count, bin) => {
      pooled[bin] = (pooled[bin] ?? 0) + count;
    });
  }
  return pooled;
}
