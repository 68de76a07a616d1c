import { describe, expect, it } from 'vitest';
import { areaUnderCurve } from '../../../core/quality/area-under-curve.ts';
import { bootstrapAuc } from '../../../core/quality/bootstrap.ts';
import { binnedAuc, binScores, scoreEdges } from '../../../core/quality/score-bins.ts';
import { seededRandom } from '../../../core/statistics/random.ts';

/** Rows of which about `share` are positive, with scores that lean their way; `mood` differs by day. */
function simulate(rows: number, share: number, seed: number, days = 1, mood = 0) {
  const random = seededRandom(seed);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const lean = Array.from({ length: days }, () => 1 + mood * normal());
  const day = Array.from({ length: rows }, (_, i) => i % days);
  const labels = day.map(() => (random() < share ? 1 : 0));
  const scores = labels.map((label, i) => label * (lean[day[i] ?? 0] ?? 1) + normal());
  return { scored: { scores, labels }, days: day };
}

describe('binnedAuc', () => {
  it('is within 0.0005 of the exact AUC at 101 bins, also for rare positives', () => {
    for (const share of [0.5, 0.1, 0.01]) {
      const { scored } = simulate(50_000, share, 3);
      const edges = scoreEdges(scored);
      expect(edges.length).toBeLessThanOrEqual(100);
      expect(Math.abs(binnedAuc(binScores(edges, scored)) - areaUnderCurve(scored).value), String(share)).toBeLessThan(
        5e-4,
      );
    }
  });
});

describe('bootstrapAuc', () => {
  it('agrees with DeLong’s interval within a tenth of its width', () => {
    const { scored } = simulate(20_000, 0.2, 4);
    const { value, standardError } = areaUnderCurve(scored);
    const { interval, independent } = bootstrapAuc(scored, [], 1);
    expect(independent).toBe('rows');
    expect(Math.abs(interval[0] - (value - 1.96 * standardError))).toBeLessThan(0.4 * standardError);
    expect(Math.abs(interval[1] - (value + 1.96 * standardError))).toBeLessThan(0.4 * standardError);
  });

  it('is the same for the same seed', () => {
    const { scored } = simulate(2000, 0.3, 5);
    expect(bootstrapAuc(scored, [], 9)).toEqual(bootstrapAuc(scored, [], 9));
    expect(bootstrapAuc(scored, [], 9)).not.toEqual(bootstrapAuc(scored, [], 10));
  });

  it('draws whole days where there are ten, and is wider when days differ', () => {
    const { scored, days } = simulate(20_000, 0.3, 6, 20, 0.5);
    const width = ({ interval }: { interval: [number, number] }) => interval[1] - interval[0];
    const byDay = bootstrapAuc(scored, days, 1);
    expect(byDay.independent).toBe('days');
    expect(width(byDay)).toBeGreaterThan(3 * width(bootstrapAuc(scored, [], 1)));
  });

  it('falls back to rows when a row has no day, or days are few', () => {
    const { scored, days } = simulate(1000, 0.3, 7, 9);
    expect(bootstrapAuc(scored, days, 1).independent).toBe('rows');
    expect(bootstrapAuc(scored, [Number.NaN, ...days.slice(1)], 1).independent).toBe('rows');
  });
});
