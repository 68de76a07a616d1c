import { describe, expect, it } from 'vitest';
import { drawWorld, THRESHOLD, WORLD_FEATURES } from '../../../bench/quality-goals/world.ts';
import { areaUnderCurve } from '../../../core/quality/area-under-curve.ts';
import { confidenceBasedEstimate } from '../../../core/quality/confidence-based.ts';
import { estimateQuality, independenceOf } from '../../../core/quality/estimate.ts';
import { isotonicCalibration } from '../../../core/quality/isotonic.ts';
import { emptyQualityCounts, mergeQualityCounts } from '../../../core/quality/quality-counts.ts';
import { fitQualityReference } from '../../../core/quality/quality-reference.ts';
import { seededRandom } from '../../../core/statistics/random.ts';
import { countRows, referenceOf } from './counted.ts';

describe('estimateQuality', () => {
  const { reference, heldOut, random } = referenceOf(20_000, 5);
  const windows = Array.from({ length: 12 }, () => drawWorld(random, 4_000, { covariate: 0.8 }));
  const estimates = windows.map((window) => estimateQuality(reference, countRows(reference, window))[0]);
  const truths = windows.map((window) => areaUnderCurve(window).value);

  it('follows inputs that shifted where CBPE does not', () => {
    const errorOf = (values: readonly number[]) =>
      values.reduce((sum, value, index) => sum + Math.abs(value - (truths[index] ?? 0)), 0) / values.length;
    const calibrated = isotonicCalibration(heldOut);
    const peer = windows.map(({ scores }) => confidenceBasedEstimate(calibrated, scores, THRESHOLD).auc);
    expect(errorOf(estimates.map((auc) => auc?.value ?? 0))).toBeLessThan(errorOf(peer) / 1.8);
  });

  it('gives intervals that hold what labels then show', () => {
    const covered = estimates.filter(
      (auc, index) => auc && auc.interval[0] <= (truths[index] ?? 0) && (truths[index] ?? 0) <= auc.interval[1],
    );
    expect(covered.length).toBeGreaterThanOrEqual(10);
  });

  it('is the same from the whole window and from its merged parts', () => {
    const [a, b] = [drawWorld(random, 300), drawWorld(random, 500)];
    const whole = {
      instances: [...a.instances, ...b.instances],
      scores: [...a.scores, ...b.scores],
      labels: [...a.labels, ...b.labels],
    };
    const merged = mergeQualityCounts(countRows(reference, a), countRows(reference, b));
    expect(estimateQuality(reference, merged)).toEqual(estimateQuality(reference, countRows(reference, whole)));
  });

  it('knows less of few rows than of many', () => {
    const widthOf = (rows: number) => {
      const [auc] = estimateQuality(reference, countRows(reference, drawWorld(seededRandom(1), rows)));
      return (auc?.interval[1] ?? 0) - (auc?.interval[0] ?? 0);
    };
    expect(widthOf(500) / widthOf(4_500)).toBeGreaterThan(2);
  });

  it('estimates nothing of no rows, and no precision where nothing is predicted positive', () => {
    expect(estimateQuality(reference, emptyQualityCounts(reference))).toEqual([]);
    const drawn = drawWorld(random, 500);
    const low = { ...drawn, scores: drawn.scores.map((score) => score * 0.3) };
    const names = estimateQuality(reference, countRows(reference, low)).map(({ name }) => name);
    expect(names).not.toContain('precision');
    expect(names).toContain('auc');
  });

  it('widens intervals by the days of the reference, and says what it takes for independent', () => {
    const world = drawWorld(seededRandom(9), 6_000);
    const input = { ...world, features: WORLD_FEATURES, threshold: THRESHOLD };
    const days = world.scores.map((_, row) => Math.floor(row / 300));
    // On every other day a tenth of the rows turn out positive whatever they look like.
    const labels = world.labels.map((label, row) => (Math.floor(row / 300) % 2 === 0 && row % 10 === 0 ? 1 : label));
    const [rows, blocks] = [
      fitQualityReference({ ...input, labels, days: [] }),
      fitQualityReference({ ...input, labels, days }),
    ];
    const window = drawWorld(seededRandom(10), 2_000);
    const widthOf = (reference: typeof rows) => {
      const accuracy = estimateQuality(reference, countRows(reference, window)).find(({ name }) => name === 'accuracy');
      return (accuracy?.interval[1] ?? 0) - (accuracy?.interval[0] ?? 0);
    };
    expect(widthOf(blocks)).toBeGreaterThan(1.3 * widthOf(rows));
    expect(independenceOf(rows)).toBe('rows');
    expect(independenceOf(blocks)).toBe('days');
  });
});
