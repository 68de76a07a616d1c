import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromRuns, toRuns } from '../../../core/quality/runs.ts';

describe('toRuns', () => {
  it('writes a run of zeros as one negative number', () => {
    expect(toRuns(Float64Array.from([0, 0, 3, 0, 1, 0, 0, 0]))).toEqual([-2, 3, -1, 1, -3]);
    expect(toRuns(new Float64Array())).toEqual([]);
  });

  it('comes back as it was', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.constant(0), fc.nat())), (counts) => {
        expect([...fromRuns(toRuns(Float64Array.from(counts)))]).toEqual(counts);
      }),
    );
  });
});
