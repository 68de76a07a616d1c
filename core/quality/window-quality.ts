import type { LabelCoverage, MetricValue, WindowQuality } from '../../contracts/quality.ts';
import type { QualitySetup } from '../../contracts/quality-window.ts';
import { arrivalCurve, isMature } from '../labels/label-arrival.ts';
import { correctedQuality } from './corrected-quality.ts';
import { selectionWarning } from './coverage.ts';
import { type DayEffect, dayEffect } from './day-effect.ts';
import { dayOutcomes, outcomesIn } from './day-outcomes.ts';
import { estimateQuality } from './estimate.ts';
import { labelledRows, totalOf } from './outcome-counts.ts';
import { emptyQualityCounts, mergeQualityCounts, type QualityCounts } from './quality-counts.ts';
import type { QualityWindow } from './quality-window.ts';
import { realisedMetrics } from './realised.ts';

/** With fewer labels than this share of rows, realised metrics are corrected for what is missing. */
const COMPLETE = 0.98;

/** A window with what its labels said of each other. */
export interface WatchedWindow {
  /** ISO instants; null for rows without time. */
  readonly window: { readonly from: string; readonly to: string } | null;
  readonly counts: QualityWindow;
  /** Labels left over when they were joined. */
  readonly labels: Pick<LabelCoverage, 'repeated' | 'contradicting' | 'unmatched'>;
}

/** Counts of all days of a window together. */
export function wholeCounts({ reference }: QualitySetup, { days }: QualityWindow): QualityCounts {
  return [...days.values()].reduce((sum, { counts }) => mergeQualityCounts(sum, counts), emptyQualityCounts(reference));
}

/** What the days of a window, or else those of the reference, add to its intervals. */
export function effectOf({ reference }: QualitySetup, counts: QualityWindow): DayEffect {
  return dayEffect(dayOutcomes(counts), reference.cut, reference.days);
}

/** Realised metrics of a window: of its rows when nearly all have labels, else corrected for those that have none. */
export function realisedQuality(setup: QualitySetup, counts: QualityWindow): readonly MetricValue[] {
  const whole = wholeCounts(setup, counts);
  const outcomes = outcomesIn(whole);
  const labels = labelledRows(outcomes);
  if (labels === 0) return [];
  if (labels < COMPLETE * totalOf(outcomes.scored)) return correctedQuality(setup.reference, whole);
  return realisedMetrics(outcomes, setup.reference.cut, effectOf(setup, counts));
}

/** Whether all labels of a window that are to come have come; rows without time are taken for old. */
export function isMatureWindow({ window }: WatchedWindow, labelHorizonDays: number, now: number): boolean {
  return window === null || isMature(Date.parse(window.to), labelHorizonDays, now);
}

/** Realised and estimated metrics of a window, and how far its labels cover it. */
export function windowQuality(setup: QualitySetup, watched: WatchedWindow, mature: boolean): WindowQuality {
  const whole = wholeCounts(setup, watched.counts);
  const labels = labelCoverage(setup, watched, mature);
  return {
    window: watched.window,
    rows: totalOf(outcomesIn(whole).scored),
    realised: [...realisedQuality(setup, watched.counts)],
    estimated: [...estimateQuality(setup.reference, whole)],
    labels: labels.labelled === 0 && labels.unmatched === 0 ? null : labels,
  };
}

function labelCoverage(setup: QualitySetup, { counts, labels }: WatchedWindow, mature: boolean): LabelCoverage {
  const outcomes = outcomesIn(wholeCounts(setup, counts));
  const [predictions, labelled] = [totalOf(outcomes.scored), labelledRows(outcomes)];
  return {
    predictions,
    labelled,
    coverage: predictions === 0 ? 0 : labelled / predictions,
    mature,
    ...labels,
    arrival: [...arrivalCurve(counts.arrival)],
    warning: selectionWarning(outcomes, setup.segments, counts.segments),
  };
}
