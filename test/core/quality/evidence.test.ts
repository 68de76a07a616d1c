import { describe, expect, it } from 'vitest';
import { drawWorld } from '../../../bench/quality-goals/world.ts';
import { calibrationShift } from '../../../core/quality/calibration-shift.ts';
import { whereWrong } from '../../../core/quality/evidence.ts';
import { countRows, referenceOf } from './counted.ts';

const { reference, random } = referenceOf(20_000, 8);

/** Rows whose label is made positive where `turned` says so. */
function labelledRows(turned: (row: Readonly<Record<string, unknown>>) => boolean) {
  const world = drawWorld(random, 6_000);
  const labels = world.labels.map((label, row) => (turned(world.instances[row] ?? {}) ? 1 : label));
  return countRows(reference, { ...world, labels }).labelled;
}

describe('whereWrong', () => {
  it('names the bin of the feature that outcomes changed in, first among segments', () => {
    const lines = whereWrong(
      reference,
      labelledRows(({ f }) => Number(f) > 2),
    ).filter((line) => !line.startsWith('all'));
    expect(lines[0]).toMatch(/^f from 2\.\d+: \d+ positive of \d+, \d+ expected \(z \d/);
  });

  it('says of all rows that positives are more than expected', () => {
    const [first] = whereWrong(
      reference,
      labelledRows(({ f }) => Number(f) > 1.3),
    );
    expect(first).toMatch(/^all rows: more positives than expected \(z \d/);
  });

  it('shows nothing of rows that are as expected, nor of none', () => {
    expect(
      whereWrong(
        reference,
        labelledRows(() => false),
      ),
    ).toEqual([]);
    expect(whereWrong(reference, countRows(reference, { instances: [], scores: [], labels: [] }).labelled)).toEqual([]);
  });

  it('shows at most six segments', () => {
    const lines = whereWrong(
      reference,
      labelledRows(({ a }) => Number(a) > 0),
    );
    expect(lines).toHaveLength(7);
  });
});

describe('calibrationShift', () => {
  it('is the sum of two squares by hand', () => {
    // Two bins of variance 1 each, residuals −3 and 1: level (−3 + 1)/√2, slope (1 − (−3))·½/√½.
    const shift = calibrationShift({
      ...countRows(reference, { instances: [], scores: [], labels: [] }).labelled,
      positives: Float64Array.from([2, 6]),
      expected: Float64Array.from([5 * 2 ** 20, 5 * 2 ** 20]),
      variance: Float64Array.from([2 ** 20, 2 ** 20]),
    });
    expect(shift.level).toBeCloseTo(-2 / Math.SQRT2, 12);
    expect(shift.slope).toBeCloseTo(2 / Math.SQRT1_2, 12);
    expect(shift.chiSquare).toBeCloseTo(2 + 8, 12);
    expect(shift.pValue).toBeCloseTo(Math.exp(-5), 12);
  });

  it('is not defined without rows', () => {
    expect(calibrationShift(countRows(reference, { instances: [], scores: [], labels: [] }).labelled).pValue).toBeNaN();
  });
});
