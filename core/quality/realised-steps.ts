import { mergeQualityCounts, type QualityCounts } from './quality-counts.ts';

/** Below this many labels, or this many of a class, a gap is far from normally distributed. */
const LEAST_LABELS = 50;
const LEAST_OF_A_CLASS = 8;

/** Days joined, in order, until each step holds 50 labels and eight of each class; a remainder that never does is left out. */
export function realisedSteps(days: readonly QualityCounts[]): readonly QualityCounts[] {
  const steps: QualityCounts[] = [];
  let open: QualityCounts | undefined;
  for (const day of days) {
    open = open === undefined ? day : mergeQualityCounts(open, day);
    if (!isEnough(open)) continue;
    steps.push(open);
    open = undefined;
  }
  return steps;
}

function isEnough({ labelled }: QualityCounts): boolean {
  const labels = labelled.rows.reduce((sum, count) => sum + count, 0);
  const positives = labelled.positives.reduce((sum, count) => sum + count, 0);
  return labels >= LEAST_LABELS && Math.min(positives, labels - positives) >= LEAST_OF_A_CLASS;
}
