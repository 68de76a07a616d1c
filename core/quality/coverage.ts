import type { OutcomeCounts, Segment } from '../../contracts/quality-window.ts';
import { chiSquare } from '../drift/chi-square.ts';
import { chiSquareTail } from '../statistics/gamma.ts';
import { labelledRows, totalOf } from './outcome-counts.ts';

/** Chance of a warning although labels are missing at random. */
const LEVEL = 0.01;
/** Cramér's V below this is too small a difference to bias anything. */
const SMALLEST_EFFECT = 0.05;
/** From here on too little is missing to matter. */
const COMPLETE = 0.98;
/** Score bins are compared in this many groups of about equal rows. */
const SCORE_GROUPS = 10;

/** A way to look at rows: how many are labelled, and how many not, in each of its parts. */
interface View {
  readonly name: string;
  readonly parts: readonly string[];
  readonly labelled: readonly number[];
  readonly unlabelled: readonly number[];
}

/**
 * What the labelled rows are not representative of, in words; null when they are nearly all, or look like the rest by score and by every
 * segment (chi-square with Bonferroni, and an effect that matters). What depends on the label itself no comparison of rows can show.
 * @param counts of the window, by column, in the order of the segment's values
 */
export function selectionWarning(
  overall: OutcomeCounts,
  segments: readonly Pick<Segment, 'column' | 'values'>[],
  counts: Readonly<Record<string, readonly OutcomeCounts[]>>,
): string | null {
  const [rows, labelled] = [totalOf(overall.scored), labelledRows(overall)];
  if (labelled === 0 || labelled >= COMPLETE * rows) return null;
  const views = [
    scoreView(overall),
    ...segments.map(({ column, values }) => segmentView(column, values, counts[column] ?? [])),
  ];
  const found = views.filter((view) => differs(view, views.length)).map(inWords);
  if (found.length === 0) return null;
  return `the labelled rows are not like the rest: ${found.join('; ')}. Realised figures speak for rows like the labelled ones; if labels are missing because of what the label is, no figure can be corrected`;
}

function scoreView(counts: OutcomeCounts): View {
  const total = totalOf(counts.scored);
  let before = 0;
  const group = counts.scored.map((rows) => {
    const index = Math.min(SCORE_GROUPS - 1, Math.floor(((before + rows / 2) / total) * SCORE_GROUPS));
    before += rows;
    return index;
  });
  const labelledIn = counts.positives.map((positives, bin) => positives + (counts.negatives[bin] ?? 0));
  const sums = (values: readonly number[]) =>
    Array.from({ length: SCORE_GROUPS }, (_, index) => totalOf(values.filter((_, bin) => group[bin] === index)));
  const labelled = sums(labelledIn);
  return {
    name: 'scores',
    parts: labelled.map((_, index) =>
      index === 0 ? 'the lowest tenth' : index === SCORE_GROUPS - 1 ? 'the highest tenth' : `tenth ${index + 1} of 10`,
    ),
    labelled,
    unlabelled: sums(counts.scored).map((rows, index) => rows - (labelled[index] ?? 0)),
  };
}

function segmentView(column: string, values: readonly string[], counts: readonly OutcomeCounts[]): View {
  const labelled = values.map((_, index) => (counts[index] === undefined ? 0 : labelledRows(counts[index])));
  const rows = values.map((_, index) => totalOf(counts[index]?.scored ?? []));
  return {
    name: column,
    parts: values,
    labelled,
    unlabelled: rows.map((count, index) => count - (labelled[index] ?? 0)),
  };
}

function differs({ labelled, unlabelled }: View, tests: number): boolean {
  const filled = labelled.filter((count, part) => count + (unlabelled[part] ?? 0) > 0).length;
  const rows = totalOf(labelled) + totalOf(unlabelled);
  if (filled < 2) return false;
  const statistic = chiSquare(unlabelled, labelled);
  return chiSquareTail(statistic, filled - 1) < LEVEL / tests && Math.sqrt(statistic / rows) >= SMALLEST_EFFECT;
}

/** The part whose share differs most. */
function inWords({ name, parts, labelled, unlabelled }: View): string {
  const [there, without] = [totalOf(labelled), totalOf(unlabelled)];
  const [worst] = parts
    .map((part, index) => ({ part, has: (labelled[index] ?? 0) / there, lacks: (unlabelled[index] ?? 0) / without }))
    .sort((a, b) => Math.abs(b.has - b.lacks) - Math.abs(a.has - a.lacks));
  const percent = (share: number) => `${Math.round(share * 100)} %`;
  return worst === undefined
    ? name
    : `${name === 'scores' ? `${worst.part} of the scores` : `${name} ${worst.part}`} is ${percent(worst.has)} of them, ${percent(worst.lacks)} of the unlabelled`;
}
