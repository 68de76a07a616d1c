import { describe, expect, it } from 'vitest';
import { normalTail } from '../../../core/statistics/gamma.ts';
import { studentTail } from '../../../core/statistics/student-t.ts';

describe('studentTail', () => {
  it('equals scipy.stats.t.sf (1.17.1), in the body and far out, for broken degrees too', () => {
    for (const [t, degrees, want] of [
      [3.1, 9, 0.006361227989100975],
      [-2.2, 27, 0.9817265308539497],
      [1, 3.5, 0.19066862678172264],
      [4, 200, 4.456547609296721e-5],
      [12, 9, 3.8499431114928265e-7],
    ] as const)
      expect(Math.abs(studentTail(t, degrees) / want - 1), `t ${t}`).toBeLessThan(1e-9);
  });

  it('is a half at 0, Cauchy’s arctangent with one degree, and the normal curve with infinitely many', () => {
    expect(studentTail(0, 5)).toBeCloseTo(0.5, 12);
    for (const t of [0.3, 1, 20]) expect(studentTail(t, 1)).toBeCloseTo(0.5 - Math.atan(t) / Math.PI, 12);
    expect(studentTail(2.5, Number.POSITIVE_INFINITY)).toBe(normalTail(2.5));
  });
});
