import type { Pairs, Profile } from '../../contracts/profile.ts';
import type { Blocks } from './blocks.ts';
import { windowRun } from './blocks.ts';
import { addPairs, type Moments, momentsOf, samePairs } from './pair-moments.ts';

/** Blocks with fewer rows say little of how features move together. */
const LEAST_ROWS = 10;
const LEAST_BLOCKS = 10;

/** Moments of windows drawn from the baseline's time; `moments` is empty without blocks. */
export interface PairBlocks {
  readonly moments: readonly Moments[];
  /** Blocks that a window averages over, when `moments` are of single blocks. */
  readonly perWindow: number;
  /** How often a block counts, when `moments` are of overlapping runs. */
  readonly overlap: number;
}

/** Moments of every run of blocks that a window could have been, or of single blocks when the baseline is too short for runs. */
export function pairBlocks(blocks: Blocks<Profile>, baseline: Pairs): PairBlocks {
  const held = blocks.window.flatMap(({ pairs }) =>
    pairs !== undefined && pairs.rows >= LEAST_ROWS && samePairs(pairs, baseline) ? [pairs] : [],
  );
  if (held.length < LEAST_BLOCKS) return { moments: [], perWindow: 1, overlap: 1 };
  const run = windowRun({ window: held, span: blocks.span });
  const runs = held.map((first, start) =>
    Array.from({ length: run - 1 }, (_, next) => held[(start + next + 1) % held.length] ?? first).reduce(
      addPairs,
      first,
    ),
  );
  return { moments: runs.flatMap((pairs) => momentsOf(pairs) ?? []), perWindow: blocks.span / run, overlap: run };
}

/** What makes the moments of a window vary, beside its number of rows; `kurtosis` and `designEffects` in the order of their names. */
export interface Doubt {
  readonly blocks: PairBlocks;
  readonly kurtosis: readonly number[];
  /** For blocks that keep no pairs: how much more each feature varies between windows than independent rows would let it. */
  readonly designEffects: readonly number[];
  /** Windows' worth of blocks in the baseline; 0 without blocks. */
  readonly windows: number;
}
