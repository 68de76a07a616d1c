import { calibrationDays } from '../../core/quality/calibration-days.ts';
import { calibrationDrift } from '../../core/quality/calibration-drift.ts';
import { countScored } from '../../core/quality/count-scored.ts';
import { dayEffect } from '../../core/quality/day-effect.ts';
import { outcomesIn, referenceOutcomes } from '../../core/quality/day-outcomes.ts';
import { sumOutcomes } from '../../core/quality/outcome-counts.ts';
import { emptyQualityCounts } from '../../core/quality/quality-counts.ts';
import { fitQualityReference } from '../../core/quality/quality-reference.ts';
import { rowCoder } from '../../core/quality/row-coder.ts';
import { type Random, seededRandom } from '../../core/statistics/random.ts';
import type { BenchContext, Figure } from '../bench.ts';
import { COVERAGE_FEATURES, type Row, someDays, THRESHOLD } from './world.ts';

const LEVEL = 0.01;

/** How often the calibration of days that differ by luck alone is significant, at a level of 1 %. */
export function calibrationFigures({ quick, say }: BenchContext): readonly Figure[] {
  const windows = quick ? 20 : 400;
  return [7, 28].map((days) => {
    say(`${windows} windows of ${days} days, each with a reference of its own`);
    const random = seededRandom(100 + days);
    const found = { days: 0, rows: 0, drift: 0 };
    for (let window = 0; window < windows; window++) {
      const { known, rows } = oneWindow(days, random);
      if (known !== null && known.pValue < LEVEL) found.days += 1;
      if (known?.verdict === 'drift') found.drift += 1;
      if (rows !== null && rows.pValue < LEVEL) found.rows += 1;
    }
    const percent = (count: number) => (100 * count) / windows;
    return {
      what: `calibration of ${days} quiet days, p below 1 %`,
      value: percent(found.days),
      unit: '%',
      ...(quick ? {} : { goal: { atMost: 3 } }),
      note: `called drift: ${percent(found.drift).toFixed(1)} %; p below 1 % if rows passed for independent: ${percent(found.rows).toFixed(1)} %; ${windows} windows`,
    };
  });
}

function oneWindow(days: number, random: Random) {
  const held = someDays(30, 300, random);
  const rows = held.flat();
  const reference = fitQualityReference({
    features: COVERAGE_FEATURES,
    instances: rows.map(({ instance }) => instance),
    scores: rows.map(({ score }) => score),
    labels: rows.map(({ label }) => label),
    days: held.flatMap((day, index) => day.map(() => index)),
    threshold: THRESHOLD,
  });
  const code = rowCoder(reference, COVERAGE_FEATURES);
  const counted = someDays(days, 300, random).map((day: readonly Row[]) => {
    const counts = emptyQualityCounts(reference);
    countScored(counts, code, day);
    return counts;
  });
  const outcomes = counted.map(outcomesIn);
  const whole = sumOutcomes(outcomes, reference.edges.length + 1);
  const effect = dayEffect(outcomes, reference.cut, reference.days);
  const before = referenceOutcomes(reference);
  return {
    known: calibrationDrift(before, whole, calibrationDays(reference, counted, effect)),
    rows: calibrationDrift(before, whole, { level: 0, inflation: 1 }),
  };
}
