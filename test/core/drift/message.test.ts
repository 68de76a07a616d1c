import { describe, expect, it } from 'vitest';
import { describeChange } from '../../../core/drift/message.ts';
import { profileNumbers } from '../../../core/profile/numeric.ts';

/** Bins of ten from 0 to 1000, and a thousand values spread evenly over them. */
const EDGES = Array.from({ length: 99 }, (_, i) => (i + 1) * 10);
const EVEN = Array.from({ length: 1000 }, (_, i) => i);
const profile = (values: readonly number[]) => profileNumbers(EDGES, Float64Array.from(values));
const times = (count: number, value: number) => new Array<number>(count).fill(value);

describe('describeChange', () => {
  it('names the tenth of the values whose share moved most, where mean and spread stayed', () => {
    const window = profile([...EVEN, ...times(40, 211), ...times(40, 788)]);
    expect(describeChange('x', 'distribution', profile(EVEN), window)).toBe(
      'share of x from 200 to 300 rose from 10 % to 13 %',
    );
  });

  it('names the spread first, and a share that stayed as it was', () => {
    const window = profile([
      ...EVEN.filter((value) => value >= 40 && value < 960),
      ...times(20, 350),
      ...times(20, 650),
    ]);
    expect(describeChange('x', 'distribution', profile(EVEN), profile(EVEN))).toMatch(/stayed at 10 %$/);
    expect(describeChange('x', 'distribution', profile(EVEN), window)).toMatch(/^spread/);
  });

  it('has a name for a feature that holds nothing', () => {
    expect(describeChange('x', 'distribution', profile(EVEN), profile([]))).toBe('no value of x to compare');
  });
});
