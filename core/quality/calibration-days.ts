import type { QualityReference } from '../../contracts/quality-reference.ts';
import { varianceBetweenDays } from './between-days.ts';
import type { CalibrationDays } from './calibration-drift.ts';
import type { DayEffect } from './day-effect.ts';
import { outcomesIn } from './day-outcomes.ts';
import { dayPart } from './day-part.ts';
import { LEAST_DAYS } from './day-variance.ts';
import { labelledRows, sumOutcomes, totalOf } from './outcome-counts.ts';
import type { QualityCounts } from './quality-counts.ts';
import { realisedEstimate } from './realised.ts';
import { UNIT } from './row-coder.ts';

/**
 * What days do to the calibration of a window: to its level, alike for all scores, by the spread of the window's days from ten on, else of the
 * reference's; and to what is left, by as much as they spread the AUC, which no level changes.
 */
export function calibrationDays(
  reference: QualityReference,
  days: readonly QualityCounts[],
  { between }: DayEffect,
): CalibrationDays {
  const labelled = days.filter((day) => labelledRows(outcomesIn(day)) > 0);
  const whole = sumOutcomes(labelled.map(outcomesIn), reference.edges.length + 1);
  const { standardError } = realisedEstimate('auc', whole, reference.cut);
  return {
    level: Math.max(0, levelOf(reference, labelled)),
    inflation: standardError > 0 ? 1 + between.auc / standardError ** 2 : 1,
  };
}

function levelOf({ days: known }: QualityReference, labelled: readonly QualityCounts[]): number {
  const spread = known?.level;
  const ofReference = spread === undefined || known === null ? 0 : dayPart(spread, known.count);
  if (labelled.length >= LEAST_DAYS) return ofReference + ofWindow(labelled);
  return spread === undefined || labelled.length === 0 ? 0 : ofReference + dayPart(spread, labelled.length);
}

/** Variance that days add to the mean of label − expected. */
function ofWindow(labelled: readonly QualityCounts[]): number {
  const sums = labelled.map(({ labelled: { rows, positives, expected } }) => ({
    rows: totalOf([...rows]),
    residual: totalOf([...positives]) - totalOf([...expected]) / UNIT,
  }));
  const rows = totalOf(sums.map((day) => day.rows));
  const mean = totalOf(sums.map(({ residual }) => residual)) / rows;
  const ofRows = totalOf(labelled.map(({ labelled: { variance } }) => totalOf([...variance]))) / UNIT / rows ** 2;
  return varianceBetweenDays(
    sums.map((day) => (day.residual - day.rows * mean) / rows),
    ofRows,
  );
}
