import type { MetricValue, QualityMetric, SliceQuality } from '../../contracts/quality.ts';
import type { OutcomeCounts, Segment } from '../../contracts/quality-window.ts';
import { normalTail } from '../statistics/gamma.ts';
import type { DayEffect } from './day-effect.ts';
import { holmAdjusted } from './holm.ts';
import { labelledRows, totalOf } from './outcome-counts.ts';
import { realisedEstimate, realisedMetrics } from './realised.ts';

const LEAST_ROWS = 200;
const LEAST_OF_A_CLASS = 30;
/** Chance that any of the slices is called worse though none is. */
const FAMILY_LEVEL = 0.05;

/** What slices are judged by. */
export interface SliceRules {
  readonly metric: QualityMetric;
  /** How far below the reference a slice may lie. */
  readonly margin: number;
  readonly cut: number;
  readonly effect: DayEffect;
  /** Variance that the reference's days add to its metric; 0 when they are not known. */
  readonly referenceBetween: number;
  /** Metrics expected of a slice without labels. */
  readonly estimate: (counts: OutcomeCounts) => readonly MetricValue[];
}

interface Slice {
  readonly column: string;
  readonly value: string;
  readonly now: OutcomeCounts;
  readonly before: OutcomeCounts;
}

/**
 * Judges every value of every segment against the same value of the reference: `worse` when the metric is surely more than the margin
 * below it, one-sided, with Holm over the slices that have enough labels on both sides. Values without rows are left out.
 * @param counts of the window, by column, in the order of the segment's values
 */
export function judgeSlices(
  segments: readonly Segment[],
  counts: Readonly<Record<string, readonly OutcomeCounts[]>>,
  rules: SliceRules,
): readonly SliceQuality[] {
  const slices = segments.flatMap(({ column, values, reference }) =>
    values.flatMap((value, index): Slice[] => {
      const [now, before] = [counts[column]?.[index], reference[index]];
      return now && before && totalOf(now.scored) > 0 ? [{ column, value, now, before }] : [];
    }),
  );
  const tested = slices.filter(({ now, before }) => isEnough(now) && isEnough(before));
  const adjusted = holmAdjusted(tested.map((slice) => worsePValue(slice, rules)));
  const pValues = new Map(tested.map((slice, index) => [slice, adjusted[index] ?? 1]));
  return slices.map((slice) => judged(slice, pValues.get(slice), rules));
}

function isEnough(counts: OutcomeCounts): boolean {
  const [positives, negatives] = [totalOf(counts.positives), totalOf(counts.negatives)];
  return positives + negatives >= LEAST_ROWS && Math.min(positives, negatives) >= LEAST_OF_A_CLASS;
}

/** One-sided p-value of "no more than the margin below the reference"; both sides' sampling counts. */
function worsePValue({ now, before }: Slice, rules: SliceRules): number {
  const { metric, margin, cut, effect, referenceBetween } = rules;
  const [here, there] = [realisedEstimate(metric, now, cut), realisedEstimate(metric, before, cut)];
  const variance = here.standardError ** 2 + effect.between[metric] + there.standardError ** 2 + referenceBetween;
  const shortfall = there.value - margin - here.value;
  if (Number.isNaN(shortfall)) return 1;
  return variance === 0 ? (shortfall > 0 ? 0 : 1) : normalTail(shortfall / Math.sqrt(variance));
}

function judged({ column, value, now, before }: Slice, pValue: number | undefined, rules: SliceRules): SliceQuality {
  const { metric, cut, effect, estimate } = rules;
  const verdict = pValue === undefined ? 'untested' : pValue <= FAMILY_LEVEL ? 'worse' : 'fine';
  const [here, there] = [realisedEstimate(metric, now, cut).value, realisedEstimate(metric, before, cut).value];
  return {
    column,
    value,
    rows: totalOf(now.scored),
    realised: [...realisedMetrics(now, cut, effect)],
    estimated: [...estimate(now)],
    verdict,
    message: messageOf(`${column} ${value}`, verdict, metric, [there, here], now),
  };
}

function messageOf(
  name: string,
  verdict: SliceQuality['verdict'],
  metric: QualityMetric,
  [before, after]: readonly [number, number],
  now: OutcomeCounts,
): string {
  if (verdict === 'untested')
    return `${name}: ${labelledRows(now)} labels are too few to test (${LEAST_ROWS} and ${LEAST_OF_A_CLASS} of each class are needed, in the reference too)`;
  const change = `${metric} ${before.toFixed(3)} in the reference, ${after.toFixed(3)} now`;
  return verdict === 'worse' ? `${name}: worse, ${change}` : `${name}: ${change}`;
}
