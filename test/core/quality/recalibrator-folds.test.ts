import { describe, expect, it } from 'vitest';
import { isotonicMeans } from '../../../core/quality/isotonic.ts';
import { type BinnedRows, fitRecalibrator } from '../../../core/quality/recalibrator.ts';
import { correctionsVariance, expectedBy, foldFits } from '../../../core/quality/recalibrator-folds.ts';
import { sampleRows } from './congruential.ts';

const BINS = 12;
const COLUMNS = 5;
const SHAPE = { groups: Array.from({ length: BINS }, (_, bin) => (bin < 6 ? 0 : 1)), columnCount: COLUMNS };

/** Rows of twelve score bins in two groups; columns 0–2 and 3–4 are the two features. */
function binned(rows = sampleRows()): BinnedRows {
  return {
    bins: Uint16Array.from(rows, ({ score }) => Math.min(BINS - 1, Math.floor(score * BINS))),
    columns: Uint16Array.from(rows.flatMap(({ x1, x2 }) => [x1, 3 + x2])),
    width: 2,
    labels: Float64Array.from(rows, ({ label }) => label),
  };
}

function meansOf({ bins, labels }: BinnedRows) {
  const rows = SHAPE.groups.map((_, bin) => bins.filter((own) => own === bin).length);
  const means = rows.map(
    (count, bin) => labels.reduce((sum, label, row) => sum + (bins[row] === bin ? label : 0), 0) / Math.max(1, count),
  );
  return isotonicMeans(means, rows);
}

const parts = (count: number) => Uint8Array.from({ length: 1200 }, (_, row) => Math.floor((row * count) / 1200));

describe('foldFits', () => {
  // `fitRecalibrator` is held to scikit-learn's ridge in its own tests.
  it('gives for each fold what a fit of the other rows alone gives', () => {
    const of = parts(5);
    const fits = foldFits(binned(), { of, count: 5 }, SHAPE, isotonicMeans);
    expect(fits).toHaveLength(5);
    fits.forEach(({ base, theta }, fold) => {
      const others = binned(sampleRows().filter((_, row) => of[row] !== fold));
      const alone = fitRecalibrator(others, meansOf(others), SHAPE);
      base.forEach((value, bin) => {
        expect(value).toBeCloseTo(alone.base[bin] ?? Number.NaN, 10);
      });
      theta.forEach((values, group) => {
        values.forEach((value, column) => {
          expect(value).toBeCloseTo(alone.theta[group]?.[column] ?? Number.NaN, 10);
        });
      });
    });
  });

  it('does not let a row’s own label into what is expected of it', () => {
    const rows = binned();
    const turned = { ...rows, labels: rows.labels.map((label, row) => (row < 240 ? 1 - label : label)) };
    const expectedOf = (own: BinnedRows) => {
      const [fit] = foldFits(own, { of: parts(5), count: 5 }, SHAPE, isotonicMeans);
      return fit === undefined ? [] : Array.from({ length: 240 }, (_, row) => expectedBy(fit, own, SHAPE.groups, row));
    };
    expect(expectedOf(turned)).toEqual(expectedOf(rows));
    expect(expectedOf(rows)).toHaveLength(240);
  });

  it('corrects by nothing where only the fold itself knows a value', () => {
    const rows = binned();
    const columns = rows.columns.map((column, at) => (column === 4 && at >= 480 ? 3 : column));
    const [first, second] = foldFits({ ...rows, columns }, { of: parts(5), count: 5 }, SHAPE, isotonicMeans);
    expect(first?.theta.map((theta) => theta[4])).toEqual([0, 0]);
    expect(second?.theta.map((theta) => theta[4])).not.toContain(0);
  });
});

describe('correctionsVariance', () => {
  it('is how much corrections from other rows scatter what is expected of a day beyond its level', () => {
    // Rows of one score bin and one feature of two values; labels are chance alone, p = 0.3, with variance p(1 − p).
    const rowCount = 2_000;
    const known = 1_900;
    const bins = new Uint16Array(rowCount);
    const columns = Uint16Array.from({ length: rowCount }, (_, row) => (row % 10 === 0 || row >= known ? 1 : 0));
    const labels = Float64Array.from({ length: rowCount }, (_, row) => (row % 100 < 30 ? 1 : 0));
    const shape = { groups: [0], columnCount: 2 };
    const rows = { bins, columns, width: 1, labels };
    const of = Uint8Array.from(bins, (_, row) => (row < known ? 1 : 0));
    const [fit] = foldFits(rows, { of, count: 2 }, shape, (means) => means);
    const members = Array.from({ length: rowCount - known }, (_, i) => known + i);
    if (fit === undefined) throw new Error('no fit');
    // By hand: the columns are 1/10 and 9/10 of the rows and opposite, so centred they are ±(x − .1); XᵀX has the one eigenvalue
    // 2·1900·.1·.9 = 342 along (−1, 1)/√2, and the day lies .9·√2 along it.
    const spread = 0.3 * 0.7;
    const byHand = (spread * (0.9 * Math.SQRT2) ** 2) / (342 + 30);
    const variance =
      correctionsVariance(fit, rows, shape.groups, members, Float64Array.from([1])) / members.length ** 2;
    expect(variance / byHand).toBeCloseTo(1, 10);
  });

  it('is 0 where slopes are', () => {
    const rows = binned();
    const [fit] = foldFits(rows, { of: parts(5), count: 5 }, SHAPE, isotonicMeans);
    expect(fit && correctionsVariance(fit, rows, SHAPE.groups, [0, 1, 2], new Float64Array(BINS))).toBe(0);
  });
});
