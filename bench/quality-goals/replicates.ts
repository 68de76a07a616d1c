import type { QualityReference } from '../../contracts/quality-reference.ts';
import { areaUnderCurve } from '../../core/quality/area-under-curve.ts';
import { assessConceptDrift, CUSUM_LIMIT, type DayCounts, GAP_LIMIT } from '../../core/quality/concept-drift.ts';
import { confidenceBasedEstimate } from '../../core/quality/confidence-based.ts';
import { countScored } from '../../core/quality/count-scored.ts';
import { estimateQuality } from '../../core/quality/estimate.ts';
import { isotonicCalibration } from '../../core/quality/isotonic.ts';
import { emptyQualityCounts } from '../../core/quality/quality-counts.ts';
import { fitQualityReference } from '../../core/quality/quality-reference.ts';
import { rowCoder } from '../../core/quality/row-coder.ts';
import { type Random, seededRandom } from '../../core/statistics/random.ts';
import type { Tally } from './tally.ts';
import { drawWorld, type Shift, THRESHOLD, WORLD_FEATURES, type WorldRows } from './world.ts';

const REFERENCE_ROWS = 50_000;
const WINDOW_ROWS = 5_000;
const WINDOWS = 7;
const WEEKS = 3;
const SETTINGS = { metric: 'auc', margin: 0.01, minimumLabels: 500 } as const;

export const SHIFTS = {
  none: {},
  'cov .3': { covariate: 0.3 },
  'cov .5': { covariate: 0.5 },
  'cov .8': { covariate: 0.8 },
} as const;

/** One fresh reference, and everything that is asked of it: estimates, months without concept drift, weeks with it. */
export function replicate(tally: Tally, seed: number): void {
  const random = seededRandom(seed);
  const heldOut = drawWorld(random, REFERENCE_ROWS);
  const reference = fitQualityReference({ ...heldOut, features: WORLD_FEATURES, days: [], threshold: THRESHOLD });
  const calibrated = isotonicCalibration(heldOut);
  for (const shift of ['none', 'cov .3', 'cov .8'] as const)
    for (let i = 0; i < WINDOWS; i++) estimateWindow(tally, reference, calibrated, shift, random);
  for (const shift of ['none', 'cov .3', 'cov .5'] as const) quietMonth(tally, reference, shift, random);
  for (let i = 0; i < WEEKS; i++) {
    brokenWeek(tally, reference, 'AUC −.04, 5,000 labels', { concept: 0.335 }, 5000, random);
    brokenWeek(tally, reference, 'AUC −.07, 1,000 labels', { concept: 0.52 }, 1000, random);
  }
}

function estimateWindow(
  tally: Tally,
  reference: QualityReference,
  calibrated: (score: number) => number,
  shift: keyof typeof SHIFTS,
  random: Random,
): void {
  const window = drawWorld(random, WINDOW_ROWS, SHIFTS[shift]);
  const realised = areaUnderCurve(window).value;
  const [auc] = estimateQuality(reference, countDay(reference, window, 0).counts);
  if (auc === undefined) return;
  tally.add(`error ${shift}`, Math.abs(auc.value - realised));
  tally.add(`covered ${shift}`, auc.interval[0] <= realised && realised <= auc.interval[1] ? 1 : 0);
  const peer = confidenceBasedEstimate(calibrated, window.scores, THRESHOLD).auc;
  tally.add(`CBPE error ${shift}`, Math.abs(peer - realised));
}

const MONTH_DAYS = 30;
const DAY_LABELS = 500;

/** A month in which inputs have shifted and nothing else: any alarm is false. Each rule is counted by itself, before the margin. */
function quietMonth(tally: Tally, reference: QualityReference, shift: keyof typeof SHIFTS, random: Random): void {
  const days: DayCounts[] = [];
  const raised = { gap: 0, cusum: 0, verdict: 0 };
  for (let day = 0; day < MONTH_DAYS; day++) {
    days.push(countDay(reference, drawWorld(random, DAY_LABELS, SHIFTS[shift]), day));
    const { z, cusum, verdict } = assessConceptDrift(reference, days, SETTINGS);
    if (day >= 6 && z !== null && z < -GAP_LIMIT) raised.gap = 1;
    if (cusum !== null && cusum > CUSUM_LIMIT) raised.cusum = 1;
    if (verdict === 'concept-drift') raised.verdict = 1;
  }
  for (const rule of ['gap', 'cusum', 'verdict'] as const) tally.add(`false ${rule}`, raised[rule]);
}

/** The limit that a single look would need, whose power the goals name; rules that look every day need a stricter one. */
const PLAIN_LIMIT = 3;

/** A week in which the concept has changed: the share of weeks found at one look, and by the verdict with its stricter limits. */
function brokenWeek(
  tally: Tally,
  reference: QualityReference,
  what: string,
  shift: Shift,
  labels: number,
  random: Random,
): void {
  const days = Array.from({ length: 7 }, (_, day) => countDay(reference, drawWorld(random, labels / 7, shift), day));
  const { verdict, gap, z } = assessConceptDrift(reference, days, SETTINGS);
  tally.add(`power ${what}`, z !== null && z < -PLAIN_LIMIT ? 1 : 0);
  tally.add(`alarmed ${what}`, verdict === 'concept-drift' ? 1 : 0);
  tally.add(`gap ${what}`, gap ?? Number.NaN);
}

/** The counts of a window whose labels are all known. */
export function countDay(
  reference: QualityReference,
  { instances, scores, labels }: WorldRows,
  day: number,
): DayCounts {
  const counts = emptyQualityCounts(reference);
  const rows = instances.map((instance, row) => ({ instance, score: scores[row] ?? 0, label: labels[row], day }));
  countScored(counts, rowCoder(reference, WORLD_FEATURES), rows);
  return { day, counts };
}
