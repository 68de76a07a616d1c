import { describe, expect, it } from 'vitest';
import { drawWorld } from '../../../bench/quality-goals/world.ts';
import { areaUnderCurve } from '../../../core/quality/area-under-curve.ts';
import { estimateUnderLabelShift, mostLikelyShare } from '../../../core/quality/label-shift.ts';
import { seededRandom } from '../../../core/statistics/random.ts';
import { countRows, referenceOf } from './counted.ts';

describe('mostLikelyShare', () => {
  it('is the root of the score equation', () => {
    // scipy 1.17.1, optimize.brentq of Σ n (r/π₀ − (1 − r)/(1 − π₀)) / (r q/π₀ + (1 − r)(1 − q)/(1 − π₀))
    const share = mostLikelyShare([0.05, 0.1, 0.3, 0.6, 0.9], Float64Array.from([100, 80, 60, 90, 70]), 0.3);
    expect(share).toBeCloseTo(0.4670200142374773, 7);
  });

  it('stays within what can be divided by', () => {
    expect(mostLikelyShare([0.01, 0.99], Float64Array.from([0, 500]), 0.5)).toBe(0.999);
  });
});

describe('estimateUnderLabelShift', () => {
  it('covers the metrics of rows among which positives have become frequent', () => {
    const { reference, random } = referenceOf(20_000, 3);
    const drawn = drawWorld(random, 20_000);
    // Negatives are thinned, so that each class looks as before.
    const keep = seededRandom(8);
    const kept = drawn.labels.map((label) => label === 1 || keep() < 0.3);
    const window = {
      instances: drawn.instances.filter((_, row) => kept[row]),
      scores: drawn.scores.filter((_, row) => kept[row]),
      labels: drawn.labels.filter((_, row) => kept[row]),
    };
    const [auc, f1] = estimateUnderLabelShift(reference, countRows(reference, window), { assume: 'label-shift' });
    const realised = areaUnderCurve(window).value;
    expect(auc?.interval[0]).toBeLessThan(realised);
    expect(auc?.interval[1]).toBeGreaterThan(realised);
    expect(f1?.name).toBe('f1');
  });

  it('estimates nothing of no rows', () => {
    const { reference } = referenceOf(2_000, 3);
    const none = { instances: [], scores: [], labels: [] };
    expect(estimateUnderLabelShift(reference, countRows(reference, none), { assume: 'label-shift' })).toEqual([]);
  });
});
