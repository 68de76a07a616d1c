import { describe, expect, it } from 'vitest';
import { isotonicMeans } from '../../../core/quality/isotonic.ts';
import { fitRecalibrator } from '../../../core/quality/recalibrator.ts';
import { sampleRows } from './congruential.ts';

const BINS = 12;

/** Twelve score bins of equal width, the lower and upper six a group each; columns 0–2 and 3–4 are the two features. */
function fitted() {
  const rows = sampleRows();
  const bins = Uint16Array.from(rows, ({ score }) => Math.min(BINS - 1, Math.floor(score * BINS)));
  const labels = Float64Array.from(rows, ({ label }) => label);
  const counts = Array.from({ length: BINS }, (_, bin) => bins.filter((own) => own === bin).length);
  const rates = counts.map(
    (count, bin) => labels.filter((label, row) => label === 1 && bins[row] === bin).length / count,
  );
  const means = isotonicMeans(rates, counts);
  const columns = Uint16Array.from(rows.flatMap(({ x1, x2 }) => [x1, 3 + x2]));
  const groups = counts.map((_, bin) => (bin < 6 ? 0 : 1));
  return {
    rows,
    bins,
    means,
    recalibrator: fitRecalibrator({ bins, columns, width: 2, labels }, means, { groups, columnCount: 5 }),
  };
}

describe('fitRecalibrator', () => {
  // scikit-learn 1.9.1, Ridge(alpha=30, fit_intercept=False) per group on columns centred within score bins (numpy 2.4.6).
  it('finds the corrections that scikit-learn’s ridge finds', () => {
    const { theta } = fitted().recalibrator;
    const expected = [
      [-0.06386736566814417, -0.0657213726809105, 0.1295887383490518, 0.001884509789649319, -0.0018845097896492342],
      [-0.03087389992570049, -0.031125241991169762, 0.0619991419168701, 0.048513510103944, -0.04851351010394307],
    ];
    theta.forEach((values, group) => {
      values.forEach((value, column) => {
        expect(value).toBeCloseTo(expected[group]?.[column] ?? Number.NaN, 10);
      });
    });
  });

  it('leaves the calibrated rate less the mean correction of each bin', () => {
    const { base } = fitted().recalibrator;
    const expected = [
      0.37657528622300024, 0.39705325382828904, 0.40553015111478374, 0.40509606495659023, 0.5024735366028604,
      0.5500370677339312, 0.5825459463918681, 0.6290456444357974, 0.6239043403520287, 0.7081550146084141,
      0.7509951140626296, 0.8280713518199783,
    ];
    base.forEach((value, bin) => {
      expect(value).toBeCloseTo(expected[bin] ?? Number.NaN, 10);
    });
  });

  it('knows the covariance of the corrections as numpy does: a sandwich with λ·mean e² in its middle', () => {
    const [low, high] = fitted().recalibrator.covariance;
    const diagonal = [
      0.0032665930560690924, 0.003235022437346652, 0.0032270359267035135, 0.004195945037417741, 0.004195945037417739,
    ];
    diagonal.forEach((value, column) => {
      expect(low?.[column * 5 + column]).toBeCloseTo(value, 12);
    });
    expect(low?.[4]).toBeCloseTo(-2.0463589621635615e-5, 12);
    expect(high?.[2 * 5 + 3]).toBeCloseTo(1.6869398697302862e-6, 12);
  });

  it('expects of each score bin what its calibration says', () => {
    const { rows, bins, means, recalibrator } = fitted();
    const residuals = new Float64Array(BINS);
    rows.forEach(({ x1, x2 }, row) => {
      const bin = bins[row] ?? 0;
      const theta = recalibrator.theta[bin < 6 ? 0 : 1];
      const correction = (theta?.[x1] ?? 0) + (theta?.[3 + x2] ?? 0);
      residuals[bin] = (residuals[bin] ?? 0) + (recalibrator.base[bin] ?? 0) + correction - (means[bin] ?? 0);
    });
    residuals.forEach((residual) => {
      expect(Math.abs(residual)).toBeLessThan(1e-9);
    });
  });
});
