import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { binOf } from '../../../core/profile/edges.ts';
import { areaUnderCurve } from '../../../core/quality/area-under-curve.ts';
import { dayEffect } from '../../../core/quality/day-effect.ts';
import { countOutcome, emptyOutcomes, labelledRows, mergeOutcomes } from '../../../core/quality/outcome-counts.ts';
import { realisedEstimate, realisedMetrics } from '../../../core/quality/realised.ts';
import { wilsonInterval } from '../../../core/quality/wilson.ts';
import { seededRandom } from '../../../core/statistics/random.ts';

const EDGES = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];
const CUT = 5;

function counted(rows: readonly { score: number; label: number | undefined }[]) {
  const counts = emptyOutcomes(EDGES.length + 1);
  for (const { score, label } of rows)
    countOutcome(counts, { bin: binOf(EDGES, score), expected: 0, variance: 0 }, label);
  return counts;
}

/** Rows of a day on which the model is `skill` good. */
function rowsOf(rows: number, skill: number, seed: number) {
  const random = seededRandom(seed);
  return Array.from({ length: rows }, () => {
    const score = random();
    return { score, label: random() < skill * score + (1 - skill) * random() ? 1 : 0 };
  });
}

const byName = (counts: ReturnType<typeof counted>) =>
  new Map(realisedMetrics(counts, CUT, dayEffect([], CUT)).map((metric) => [metric.name, metric]));

describe('realisedMetrics', () => {
  it('gives the shares of a known table, with Wilson’s intervals', () => {
    // 60 true and 20 false positives, 15 false and 105 true negatives.
    const table = [
      ...Array(60).fill({ score: 0.9, label: 1 }),
      ...Array(20).fill({ score: 0.6, label: 0 }),
      ...Array(15).fill({ score: 0.2, label: 1 }),
      ...Array(105).fill({ score: 0.1, label: 0 }),
    ];
    const metrics = byName(counted(table));
    expect(metrics.get('accuracy')).toMatchObject({ value: 165 / 200, interval: wilsonInterval(165, 200), rows: 200 });
    expect(metrics.get('precision')).toMatchObject({ value: 60 / 80, interval: wilsonInterval(60, 80) });
    expect(metrics.get('recall')).toMatchObject({ value: 60 / 75, interval: wilsonInterval(60, 75) });
    expect(metrics.get('f1')?.value).toBeCloseTo((2 * 60) / (2 * 60 + 20 + 15), 14);
  });

  it('gives DeLong’s AUC and standard error of the tied scores', () => {
    const rows = rowsOf(3000, 0.7, 4);
    const tied = { scores: rows.map(({ score }) => binOf(EDGES, score)), labels: rows.map(({ label }) => label) };
    const exact = areaUnderCurve(tied);
    const binned = realisedEstimate('auc', counted(rows), CUT);
    expect(Math.abs(binned.value - exact.value)).toBeLessThan(1e-12);
    expect(Math.abs(binned.standardError - exact.standardError)).toBeLessThan(1e-12);
  });

  it('leaves out what is not defined, and counts rows without labels as nothing', () => {
    const metrics = byName(counted([...Array(50).fill({ score: 0.2, label: 0 }), { score: 0.9, label: undefined }]));
    expect([...metrics.keys()]).toEqual(['accuracy']);
    expect(metrics.get('accuracy')?.rows).toBe(50);
    expect(byName(counted([])).size).toBe(0);
  });
});

describe('dayEffect', () => {
  const days = (count: number, mood: (day: number) => number) =>
    Array.from({ length: count }, (_, day) => counted(rowsOf(400, mood(day), 100 + day)));

  it('takes rows for independent below ten labelled days', () => {
    const unlabelled = counted([{ score: 0.4, label: undefined }]);
    expect(dayEffect([...days(9, () => 0.7), unlabelled], CUT)).toMatchObject({
      independent: 'rows',
      between: { auc: 0 },
    });
  });

  it('finds little between days that are alike, and much between days that differ', () => {
    const [alike, unlike] = [
      dayEffect(
        days(40, () => 0.7),
        CUT,
      ),
      dayEffect(
        days(40, (day) => (day % 2 === 0 ? 0.2 : 0.9)),
        CUT,
      ),
    ];
    expect([alike.independent, unlike.independent]).toEqual(['days', 'days']);
    // The AUC of 400 such rows has a standard error of about .025, the mean of 40 days .004.
    expect(Math.sqrt(alike.between.auc)).toBeLessThan(0.003);
    expect(Math.sqrt(unlike.between.auc)).toBeGreaterThan(0.01);
  });

  it('takes the spread of the reference’s days where the window has few', () => {
    const spread = { residual: 0, within: 0, repeated: 0, realised: 0.0009, autocorrelation: 0 };
    const metrics = { auc: spread, f1: spread, accuracy: spread, precision: spread, recall: spread };
    const effect = dayEffect(
      days(4, () => 0.7),
      CUT,
      { count: 30, metrics },
    );
    // .0009 a day over four days; scipy 1.17.1: stats.t.ppf(.975, 29)
    expect(effect.between.accuracy).toBeCloseTo(0.0009 / 4, 15);
    expect(effect.critical).toBeCloseTo(2.045229642132703, 10);
    expect(effect.independent).toBe('days');
  });

  it('widens every interval', () => {
    const unlike = days(12, (day) => (day % 2 === 0 ? 0.2 : 0.9));
    const whole = unlike.reduce(mergeOutcomes);
    const width = (effect: ReturnType<typeof dayEffect>) =>
      realisedMetrics(whole, CUT, effect).map(({ interval }) => interval[1] - interval[0]);
    const [byRows, byDays] = [width(dayEffect([], CUT)), width(dayEffect(unlike, CUT))];
    byDays.forEach((wide, index) => {
      expect(wide).toBeGreaterThan(byRows[index] ?? 0);
    });
  });

  it('covers the mean of unlike days about as often as it says', () => {
    // Accuracy of a day is p_d ~ U(.6, .9), so over days it is .75: an interval by rows misses it, one by days does not.
    const random = seededRandom(8);
    const replicates = 400;
    let [covered, coveredByRows] = [0, 0];
    for (let i = 0; i < replicates; i++) {
      const worlds = Array.from({ length: 20 }, () => {
        const right = 0.6 + 0.3 * random();
        return counted(Array.from({ length: 100 }, () => ({ score: 0.9, label: random() < right ? 1 : 0 })));
      });
      const whole = worlds.reduce(mergeOutcomes);
      const holds = (effect: ReturnType<typeof dayEffect>) => {
        const [low, high] = realisedMetrics(whole, CUT, effect).find(({ name }) => name === 'accuracy')?.interval ?? [
          1, 0,
        ];
        return low <= 0.75 && 0.75 <= high;
      };
      covered += holds(dayEffect(worlds, CUT)) ? 1 : 0;
      coveredByRows += holds(dayEffect([], CUT)) ? 1 : 0;
    }
    expect(covered / replicates).toBeGreaterThan(0.92);
    expect(covered / replicates).toBeLessThan(0.98);
    expect(coveredByRows / replicates).toBeLessThan(0.85);
  });
});

describe('mergeOutcomes', () => {
  it('counts both sets of rows together', () => {
    const row = fc.record({
      score: fc.double({ min: 0, max: 1, noNaN: true }),
      label: fc.option(fc.nat(1), { nil: undefined }),
    });
    fc.assert(
      fc.property(fc.array(row), fc.array(row), (a, b) => {
        const [merged, whole] = [mergeOutcomes(counted(a), counted(b)), counted([...a, ...b])];
        expect([merged.scored, merged.positives, merged.negatives]).toEqual([
          whole.scored,
          whole.positives,
          whole.negatives,
        ]);
        expect(labelledRows(merged)).toBe([...a, ...b].filter(({ label }) => label !== undefined).length);
      }),
    );
  });
});
