import type { Fairness } from '../../contracts/quality.ts';
import type { GroupSums, OutcomeCounts } from '../../contracts/quality-window.ts';
import { type GroupShare, gapQuantile, gapSpread } from './gap-days.ts';
import { newcombeInterval, type Share } from './newcombe.ts';
import { totalOf } from './outcome-counts.ts';

/** Groups of fewer rows (of the class that is asked about) are left out: nothing can be said of them. */
const LEAST_OF_A_GROUP = 30;
const LEVEL = 0.05;

/** Rows of one value of a protected column. */
export interface Group {
  readonly name: string;
  readonly counts: OutcomeCounts;
  /** The same rows of the reference, to say whether the gap is new. Left out: nothing is said. */
  readonly reference?: OutcomeCounts | undefined;
  /** The group's rows day by day, the days alike for all groups. Left out: not known, and rows pass for independent. */
  readonly days?: readonly GroupSums[] | undefined;
  /** The same of the reference, for windows of few days. */
  readonly referenceDays?: readonly GroupSums[] | undefined;
}

/** A share of a group: of all its rows, and of one day's. */
interface ShareOf {
  readonly whole: (counts: OutcomeCounts, cut: number) => Share;
  readonly day: (sums: GroupSums) => Share;
}

const SELECTION: ShareOf = {
  whole: ({ scored }, cut) => ({ count: totalOf(scored.slice(cut)), rows: totalOf(scored) }),
  day: ({ selected, rows }) => ({ count: selected, rows }),
};

const TRUE_POSITIVES: ShareOf = {
  whole: ({ positives }, cut) => ({ count: totalOf(positives.slice(cut)), rows: totalOf(positives) }),
  day: ({ truePositives, positives }) => ({ count: truePositives, rows: positives }),
};

const FALSE_POSITIVES: ShareOf = {
  whole: ({ negatives }, cut) => ({ count: totalOf(negatives.slice(cut)), rows: totalOf(negatives) }),
  day: ({ falsePositives, negatives }) => ({ count: falsePositives, rows: negatives }),
};

/** Shares whose equality over groups a measure asks for; each must be near in every pair of groups. */
const MEASURES = {
  'demographic-parity': [SELECTION],
  'equal-opportunity': [TRUE_POSITIVES],
  'equalised-odds': [TRUE_POSITIVES, FALSE_POSITIVES],
} as const satisfies Record<Fairness['measure'], readonly ShareOf[]>;

const WORDS = {
  'demographic-parity': 'share predicted positive',
  'equal-opportunity': 'share of true positives found',
  'equalised-odds': 'share of true positives found, or of false alarms,',
} as const satisfies Record<Fairness['measure'], string>;

/**
 * The three fairness measures of one protected column. Each is the largest absolute difference between two groups, as in fairlearn; its
 * interval is simultaneous over all pairs (Newcombe, Bonferroni), because the largest of many noisy gaps reads too high. A `gap` is
 * called only when the interval's lower end exceeds `maximumGap`; `cannot-rule-out` when the upper end exceeds twice that. From ten days on (of the
 * window, else of the reference) intervals know how much a pair's difference varies between days; otherwise the message says that they do not.
 */
export function judgeFairness(
  column: string,
  groups: readonly Group[],
  cut: number,
  maximumGap: number,
): readonly Fairness[] {
  const measures = ['demographic-parity', 'equal-opportunity', 'equalised-odds'] as const;
  return measures.map((measure) => judgeMeasure(column, measure, groups, cut, maximumGap));
}

function groupShare(
  { whole, day }: ShareOf,
  { counts, days = [], referenceDays = [] }: Group,
  cut: number,
): GroupShare {
  return { ...whole(counts, cut), days: days.map(day), referenceDays: referenceDays.map(day) };
}

interface Gap {
  readonly independent: Fairness['independent'];
  readonly gap: number;
  readonly interval: readonly [number, number];
  readonly groups: readonly [string, string];
}

function judgeMeasure(
  column: string,
  measure: Fairness['measure'],
  groups: readonly Group[],
  cut: number,
  maximumGap: number,
): Fairness {
  const shares = groups
    .map((group) => ({ name: group.name, shares: MEASURES[measure].map((share) => groupShare(share, group, cut)) }))
    .filter((group) => group.shares.every(({ rows }) => rows >= LEAST_OF_A_GROUP));
  const gaps = gapsOf(shares);
  const worst = gaps.reduce<Gap | undefined>((most, next) => (most && most.gap >= next.gap ? most : next), undefined);
  const rows = totalOf(shares.map((group) => totalOf(group.shares.map((share) => share.rows))));
  if (worst === undefined)
    return {
      column,
      measure,
      gap: 0,
      interval: [0, 1],
      groups: [groups[0]?.name ?? '', groups[1]?.name ?? ''],
      rows,
      independent: 'rows',
      verdict: 'too-little-data',
      message: `${column}: fewer than two groups have ${LEAST_OF_A_GROUP} rows to compare the ${WORDS[measure]} of`,
    };
  const interval: [number, number] = [
    Math.max(...gaps.map((gap) => gap.interval[0])),
    Math.max(...gaps.map((gap) => gap.interval[1])),
  ];
  const verdict = interval[0] > maximumGap ? 'gap' : interval[1] > 2 * maximumGap ? 'cannot-rule-out' : 'fine';
  const { gap, groups: pair } = worst;
  const independent = gaps.some((one) => one.independent === 'rows') ? 'rows' : 'days';
  return {
    column,
    measure,
    gap,
    interval,
    groups: [...pair],
    rows,
    independent,
    verdict,
    message: [
      messageOf(column, measure, { gap, interval, groups: pair }, verdict, maximumGap),
      ...(verdict === 'gap' ? elsewhere(gaps, pair) : []),
      ...inReference(measure, groups, pair, cut),
      ...(independent === 'rows' ? ['the interval assumes independent rows'] : []),
    ].join('; '),
  };
}

function gapsOf(groups: readonly { readonly name: string; readonly shares: readonly GroupShare[] }[]): readonly Gap[] {
  const pairs = groups.flatMap((first, index) => groups.slice(index + 1).map((second) => [first, second] as const));
  const comparisons = pairs.length * (groups[0]?.shares.length ?? 1);
  return pairs.flatMap(([first, second]) =>
    first.shares.flatMap((share, index): Gap[] => {
      const other = second.shares[index];
      if (other === undefined) return [];
      const { designEffect, degrees } = gapSpread(share, other);
      const effective = ({ count, rows }: Share) => ({ count: count / designEffect, rows: rows / designEffect });
      const [low, high] = newcombeInterval(
        effective(share),
        effective(other),
        gapQuantile(LEVEL / comparisons, degrees),
      );
      return [
        {
          independent: Number.isFinite(degrees) ? 'days' : 'rows',
          gap: Math.abs(share.count / share.rows - other.count / other.rows),
          interval: [Math.max(0, low, -high), Math.max(Math.abs(low), Math.abs(high))],
          groups: [first.name, second.name],
        },
      ];
    }),
  );
}

function messageOf(
  column: string,
  measure: Fairness['measure'],
  { gap, interval, groups: [first, second] }: Omit<Gap, 'independent'>,
  verdict: Fairness['verdict'],
  maximumGap: number,
): string {
  const found = `${column}: the ${WORDS[measure]} differs by ${points(gap)} points between ${first} and ${second} (95 %: ${points(interval[0])} to ${points(interval[1])})`;
  if (verdict === 'gap') return `${found}, more than the ${points(maximumGap)} points allowed`;
  return verdict === 'fine' ? found : `${found}; too few rows to rule out ${points(2 * maximumGap)} points`;
}

/** The pair that is surest to differ, where that is another than the pair that differs most. */
function elsewhere(gaps: readonly Gap[], [first, second]: readonly [string, string]): readonly string[] {
  const [surest] = gaps.toSorted((a, b) => b.interval[0] - a.interval[0]);
  if (surest === undefined || (surest.groups[0] === first && surest.groups[1] === second)) return [];
  return [`surest between ${surest.groups[0]} and ${surest.groups[1]}, by ${points(surest.gap)}`];
}

/** What the same two groups differed by in the reference. */
function inReference(
  measure: Fairness['measure'],
  groups: readonly Group[],
  pair: readonly [string, string],
  cut: number,
): readonly string[] {
  const [first, second] = pair.map((name) => groups.find((group) => group.name === name)?.reference);
  if (first === undefined || second === undefined) return [];
  const gaps = MEASURES[measure].map((share) => {
    const [a, b] = [share.whole(first, cut), share.whole(second, cut)];
    return Math.abs(a.count / a.rows - b.count / b.rows);
  });
  return gaps.some(Number.isNaN) ? [] : [`${points(Math.max(...gaps))} points in the reference`];
}

const points = (share: number) => (share * 100).toFixed(1);
