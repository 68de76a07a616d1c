import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { areaUnderCurve, hasBothClasses, pairedDifference } from '../../../core/quality/area-under-curve.ts';
import { labels, ours, theirs } from './auc-fixture.ts';

/** Rows of both classes with many ties. */
const rows = fc
  .array(
    fc.record({
      score: fc.integer({ min: 0, max: 12 }),
      other: fc.integer({ min: 0, max: 12 }),
      label: fc.constantFrom(0, 1),
    }),
    {
      minLength: 4,
      maxLength: 60,
    },
  )
  .filter((all) => hasBothClasses({ labels: all.map(({ label }) => label) }));

describe('areaUnderCurve', () => {
  it('equals scikit-learn and DeLong’s formula in numpy within 1e-12', () => {
    const [a, b] = [areaUnderCurve({ scores: ours, labels }), areaUnderCurve({ scores: theirs, labels })];
    expect(a.value).toBeCloseTo(0.7771428571428571, 12);
    expect(b.value).toBeCloseTo(0.5697142857142857, 12);
    expect(a.standardError).toBeCloseTo(0.0609999376799582, 12);
    expect(b.standardError).toBeCloseTo(0.07972313033871915, 12);
  });

  it('is the share of pairs in the right order, ties counting half', () => {
    fc.assert(
      fc.property(rows, (all) => {
        const pairs = all.flatMap((p) =>
          p.label === 1 ? all.filter((n) => n.label === 0).map((n) => p.score - n.score) : [],
        );
        const right = pairs.reduce((sum, gap) => sum + (gap > 0 ? 1 : gap === 0 ? 0.5 : 0), 0);
        const got = areaUnderCurve({ scores: all.map(({ score }) => score), labels: all.map(({ label }) => label) });
        expect(got.value).toBeCloseTo(right / pairs.length, 12);
      }),
    );
  });

  it('turns over with the scores: AUC(−s) = 1 − AUC(s), same standard error', () => {
    fc.assert(
      fc.property(rows, (all) => {
        const classes = all.map(({ label }) => label);
        const up = areaUnderCurve({ scores: all.map(({ score }) => score), labels: classes });
        const down = areaUnderCurve({ scores: all.map(({ score }) => -score), labels: classes });
        expect(up.value + down.value).toBeCloseTo(1, 12);
        expect(up.standardError).toBeCloseTo(down.standardError, 12);
      }),
    );
  });

  it('has no value for one class', () => {
    expect(hasBothClasses({ labels: [1, 1] })).toBe(false);
    expect(areaUnderCurve({ scores: [0.1, 0.2], labels: [1, 1] }).value).toBeNaN();
  });
});

describe('pairedDifference', () => {
  it('equals DeLong’s paired formula in numpy within 1e-12', () => {
    const difference = pairedDifference({ scores: ours, labels }, theirs);
    expect(difference.value).toBeCloseTo(0.20742857142857143, 12);
    expect(difference.standardError).toBeCloseTo(0.11277862744120895, 12);
  });

  it('of a model with itself is 0 without error', () => {
    expect(pairedDifference({ scores: ours, labels }, ours)).toEqual({ value: 0, standardError: 0 });
  });
});
