import type { QualityReference } from '../../contracts/quality-reference.ts';
import type { OutcomeCounts } from '../../contracts/quality-window.ts';
import type { QualityCounts } from './quality-counts.ts';
import type { QualityWindow } from './quality-window.ts';

/** What became of the rows of some counts, per score bin. */
export function outcomesIn({ scored, labelled }: QualityCounts): OutcomeCounts {
  return {
    scored: [...scored.rows],
    positives: [...labelled.positives],
    negatives: Array.from(labelled.rows, (rows, bin) => rows - (labelled.positives[bin] ?? 0)),
    expected: [...scored.expected],
    variance: [...scored.variance],
  };
}

/** What became of the held-out rows. */
export function referenceOutcomes({ counts, rates }: QualityReference): OutcomeCounts {
  const { rows, positives } = counts;
  return {
    scored: [...rows],
    positives: [...positives],
    negatives: rows.map((count, bin) => count - (positives[bin] ?? 0)),
    expected: rows.map((count, bin) => count * (rates[bin] ?? 0)),
    variance: rows.map(() => 0),
  };
}

/** Outcomes of each day of a window, oldest first. */
export function dayOutcomes({ days }: QualityWindow): readonly OutcomeCounts[] {
  return [...days.values()].map(({ counts }) => outcomesIn(counts));
}
