import type { StoredQualityCounts } from '../../contracts/quality-reference.ts';
import { type QualityCounts, type ScoredCounts, zeroCounts } from './quality-counts.ts';
import { fromRuns, toRuns } from './runs.ts';

/** Counts as a small JSON document. */
export function storeQualityCounts({ days, scored, labelled }: QualityCounts): StoredQualityCounts {
  return {
    days: [...days].sort((a, b) => a - b),
    columns: labelled.columnPositives.length,
    scored: storeScored(scored),
    labelled: labelled.rows.some((rows) => rows > 0)
      ? {
          ...storeScored(labelled),
          positives: [...labelled.positives],
          columnPositives: [...labelled.columnPositives],
          columnExpected: [...labelled.columnExpected],
          columnVariance: [...labelled.columnVariance],
        }
      : null,
  };
}

/** The counts that were stored. */
export function restoreQualityCounts({ days, columns, scored, labelled }: StoredQualityCounts): QualityCounts {
  const all = restoreScored(scored);
  if (labelled === null)
    return { ...zeroCounts(all.rows.length, columns, all.joint.length), days: new Set(days), scored: all };
  return {
    days: new Set(days),
    scored: all,
    labelled: {
      ...restoreScored(labelled),
      positives: Float64Array.from(labelled.positives),
      columnPositives: Float64Array.from(labelled.columnPositives),
      columnExpected: Float64Array.from(labelled.columnExpected),
      columnVariance: Float64Array.from(labelled.columnVariance),
    },
  };
}

function storeScored({ rows, expected, variance, joint }: ScoredCounts) {
  return { rows: [...rows], expected: [...expected], variance: [...variance], joint: toRuns(joint) };
}

function restoreScored({ rows, expected, variance, joint }: StoredQualityCounts['scored']): ScoredCounts {
  return {
    rows: Float64Array.from(rows),
    expected: Float64Array.from(expected),
    variance: Float64Array.from(variance),
    joint: fromRuns(joint),
  };
}
