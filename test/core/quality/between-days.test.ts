import { describe, expect, it } from 'vitest';
import { varianceBetweenDays } from '../../../core/quality/between-days.ts';
import { seededRandom } from '../../../core/statistics/random.ts';
import { studentQuantile } from '../../../core/statistics/student.ts';

/** Share of 95 % intervals of the mean of `days` days that hold 0; each day is an AR(1) state of variance 1 and noise of .25. */
function coverage(days: number, rho: number, widen: boolean): number {
  const random = seededRandom(17);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const critical = studentQuantile(0.975, days - 1);
  const replicates = 2000;
  let held = 0;
  for (let i = 0; i < replicates; i++) {
    let state = normal();
    const values = Array.from({ length: days }, () => {
      state = rho * state + Math.sqrt(1 - rho * rho) * normal();
      return state + 0.5 * normal();
    });
    const mean = values.reduce((sum, value) => sum + value, 0) / days;
    const influences = values.map((value) => (value - mean) / days);
    const squares = influences.reduce((sum, influence) => sum + influence ** 2, 0);
    const rowVariance = 0.25 / days;
    const variance = widen ? rowVariance + varianceBetweenDays(influences, rowVariance) : (squares * days) / (days - 1);
    held += Math.abs(mean) <= critical * Math.sqrt(variance) ? 1 : 0;
  }
  return held / replicates;
}

describe('varianceBetweenDays', () => {
  it('covers independent days as it should, and a little more', () => {
    for (const days of [10, 28]) {
      expect(coverage(days, 0, true)).toBeGreaterThan(0.945);
      expect(coverage(days, 0, true)).toBeLessThan(0.98);
    }
  });

  it('covers days that depend on the day before far better than independent blocks would', () => {
    expect(coverage(28, 0.3, true)).toBeGreaterThan(0.92);
    expect(coverage(28, 0.6, true)).toBeGreaterThan(0.87);
    expect(coverage(28, 0.6, false)).toBeLessThan(0.76);
  });

  it('is 0 when days differ no more than rows do', () => {
    expect(varianceBetweenDays([0.01, -0.01, 0.01, -0.01], 1)).toBe(0);
    expect(varianceBetweenDays([0, 0, 0], 0)).toBe(0);
  });

  it('is the cluster estimate where days take turns', () => {
    // D/(D − 1)·Σφ² = 4/3 · 4 · .01² less the rows' 1e-4; the lag is negative and widens nothing.
    expect(varianceBetweenDays([0.01, -0.01, 0.01, -0.01], 1e-4)).toBeCloseTo((4 / 3) * 4e-4 - 1e-4, 18);
  });
});
