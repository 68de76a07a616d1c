import { drawWorld, THRESHOLD, WORLD_FEATURES, type WorldRows } from '../../../bench/quality-goals/world.ts';
import type { QualityReference } from '../../../contracts/quality-reference.ts';
import { countScored } from '../../../core/quality/count-scored.ts';
import { emptyQualityCounts, type QualityCounts } from '../../../core/quality/quality-counts.ts';
import { fitQualityReference } from '../../../core/quality/quality-reference.ts';
import { rowCoder } from '../../../core/quality/row-coder.ts';
import { seededRandom } from '../../../core/statistics/random.ts';

/** A reference of simulated held-out rows without days, and the generator to go on with. */
export function referenceOf(rows: number, seed: number) {
  const random = seededRandom(seed);
  const heldOut = { ...drawWorld(random, rows), features: WORLD_FEATURES, days: [], threshold: THRESHOLD };
  return { reference: fitQualityReference(heldOut), heldOut, random };
}

/** Counts of rows whose labels are known where `labelled` says so, all on one day. */
export function countRows(
  reference: QualityReference,
  { instances, scores, labels }: WorldRows,
  { day, labelled = () => true }: { readonly day?: number; readonly labelled?: (row: number) => boolean } = {},
): QualityCounts {
  const counts = emptyQualityCounts(reference);
  const rows = instances.map((instance, row) => ({
    instance,
    score: scores[row] ?? 0,
    label: labelled(row) ? labels[row] : undefined,
    day,
  }));
  countScored(counts, rowCoder(reference, WORLD_FEATURES), rows);
  return counts;
}
