import { normalQuantile } from '../statistics/normal-quantile.ts';
import { studentQuantile } from '../statistics/student.ts';
import { varianceBetweenDays } from './between-days.ts';
import { LEAST_DAYS } from './day-variance.ts';
import type { Share } from './newcombe.ts';

/** The share of one group, as a whole and day by day. */
export interface GroupShare extends Share {
  /** Each day of the window, with no rows where the group had none. Empty: days are not known. */
  readonly days: readonly Share[];
  /** The same of the reference. */
  readonly referenceDays: readonly Share[];
}

/** How much further days spread the difference of two shares than independent rows do. */
export interface GapSpread {
  /** Variance over that of independent rows, 1 or more. */
  readonly designEffect: number;
  /** Of the variance between days; infinite where rows pass for independent. */
  readonly degrees: number;
}

/**
 * The design effect of the difference of two groups' shares. The groups share their days, so what days do to both alike cancels: what counts
 * is the spread of the daily difference itself. From ten days on they are those of the window; with fewer those of the reference, when it has ten;
 * else rows pass for independent.
 */
export function gapSpread(first: GroupShare, second: GroupShare): GapSpread {
  const ofRows = rowVariance(first) + rowVariance(second);
  const spread = (days: number, between: number): GapSpread => ({
    designEffect: ofRows > 0 ? 1 + between / ofRows : 1,
    degrees: days - 1,
  });
  const window = pairedDays(first.days, second.days);
  if (window.length >= LEAST_DAYS) return spread(window.length, between(window));
  const reference = pairedDays(first.referenceDays, second.referenceDays);
  if (reference.length < LEAST_DAYS || window.length === 0)
    return { designEffect: 1, degrees: Number.POSITIVE_INFINITY };
  // What the mean over the reference's days varies by is that of one day, divided by how many they are.
  return spread(reference.length, (between(reference) * reference.length) / window.length);
}

/** The two-sided quantile at which a share `level` of chance is left, for a spread known with so many degrees. */
export function gapQuantile(level: number, degrees: number): number {
  return Number.isFinite(degrees) ? studentQuantile(1 - level / 2, degrees) : normalQuantile(1 - level / 2);
}

type Pair = readonly [Share, Share];

function pairedDays(first: readonly Share[], second: readonly Share[]): readonly Pair[] {
  return first.flatMap((share, day): Pair[] => {
    const other = second[day];
    return other === undefined || share.rows + other.rows === 0 ? [] : [[share, other]];
  });
}

/** Variance that days add to the difference of the shares of all days together. */
function between(pairs: readonly Pair[]): number {
  const [first, second] = [sumOf(pairs.map(([share]) => share)), sumOf(pairs.map(([, share]) => share))];
  if (first.rows === 0 || second.rows === 0) return 0;
  const influence = ({ count, rows }: Share, whole: Share) => (count - (rows * whole.count) / whole.rows) / whole.rows;
  return varianceBetweenDays(
    pairs.map(([one, other]) => influence(one, first) - influence(other, second)),
    rowVariance(first) + rowVariance(second),
  );
}

function sumOf(shares: readonly Share[]): Share {
  return shares.reduce((sum, { count, rows }) => ({ count: sum.count + count, rows: sum.rows + rows }), {
    count: 0,
    rows: 0,
  });
}

/** Binomial variance of a share. */
function rowVariance({ count, rows }: Share): number {
  const share = count / rows;
  return rows === 0 ? 0 : (share * (1 - share)) / rows;
}
