import { describe, expect, it } from 'vitest';
import { drawWorld } from '../../../bench/quality-goals/world.ts';
import { binGradient } from '../../../core/quality/bin-metrics.ts';
import { calibrationVariance } from '../../../core/quality/calibration-variance.ts';
import { estimateQuality, expectedBins } from '../../../core/quality/estimate.ts';
import { seededRandom } from '../../../core/statistics/random.ts';
import { countRows, referenceOf } from './counted.ts';

describe('calibrationVariance', () => {
  it('is how much the estimate of one window differs between references', () => {
    const window = drawWorld(seededRandom(99), 4_000, { covariate: 0.4 });
    const fits = Array.from({ length: 40 }, (_, seed) => {
      const { reference } = referenceOf(6_000, 100 + seed);
      const counts = countRows(reference, window);
      const gradient = binGradient('accuracy', expectedBins(counts.scored), reference.cut);
      const accuracy = estimateQuality(reference, counts).find(({ name }) => name === 'accuracy')?.value ?? 0;
      return { accuracy, variance: calibrationVariance(reference, counts.scored, gradient) };
    });
    const mean = fits.reduce((sum, { accuracy }) => sum + accuracy, 0) / fits.length;
    const between = fits.reduce((sum, { accuracy }) => sum + (accuracy - mean) ** 2, 0) / (fits.length - 1);
    const claimed = fits.reduce((sum, { variance }) => sum + variance, 0) / fits.length;
    // The variance of forty draws is itself uncertain by a factor of 1.6 either way (χ² with 39 degrees, 99.9 %).
    expect(claimed / between).toBeGreaterThan(1 / 1.6);
    expect(claimed / between).toBeLessThan(2.2);
  });

  it('is 0 for a metric that does not depend on the rows', () => {
    const { reference, random } = referenceOf(2_000, 1);
    const counts = countRows(reference, drawWorld(random, 100));
    expect(calibrationVariance(reference, counts.scored, new Float64Array(counts.scored.rows.length))).toBe(0);
  });
});
