import { describe, expect, it } from 'vitest';
import { drawWorld, THRESHOLD, WORLD_FEATURES } from '../../../bench/quality-goals/world.ts';
import { ModelwayError } from '../../../contracts/problems.ts';
import { QualityReferenceSchema } from '../../../contracts/quality-reference.ts';
import { areaUnderCurve } from '../../../core/quality/area-under-curve.ts';
import { fitQualityReference, type HeldOut } from '../../../core/quality/quality-reference.ts';
import { seededRandom } from '../../../core/statistics/random.ts';
import { referenceOf } from './counted.ts';

function problemsOf(heldOut: HeldOut) {
  try {
    fitQualityReference(heldOut);
  } catch (error) {
    if (error instanceof ModelwayError) return error.problems.map(({ path, message }) => `${path}: ${message}`);
    throw error;
  }
  return [];
}

describe('fitQualityReference', () => {
  it('gives plain JSON that its schema accepts', () => {
    const { reference } = referenceOf(2_000, 1);
    expect(QualityReferenceSchema.parse(JSON.parse(JSON.stringify(reference)))).toEqual(reference);
  });

  it('knows the metrics of the held-out rows, with an interval of DeLong’s width', () => {
    const { reference, heldOut } = referenceOf(20_000, 2);
    const [auc] = reference.metrics;
    const { value, standardError } = areaUnderCurve(heldOut);
    expect(auc?.name).toBe('auc');
    expect(Math.abs((auc?.value ?? 0) - value)).toBeLessThan(5e-4);
    expect(((auc?.interval[1] ?? 0) - (auc?.interval[0] ?? 0)) / (2 * 1.96 * standardError)).toBeCloseTo(1, 1);
  });

  it('ranks the features that explain what the score leaves over, and puts noise last', () => {
    const { reference } = referenceOf(20_000, 2);
    const names = reference.features.map(({ name }) => name);
    expect(names.slice(0, 3).toSorted()).toEqual(['a', 'b', 'd']);
    expect(names).toHaveLength(6);
  });

  it('keeps at most twenty features', () => {
    const random = seededRandom(3);
    const world = drawWorld(random, 1_000);
    const names = Array.from({ length: 25 }, (_, i) => `x${i}`);
    const features = names.map((name) => ({
      name,
      kind: 'category' as const,
      read: (row: (typeof world.instances)[number]) => String(row[name]),
    }));
    const instances = world.instances.map(() => Object.fromEntries(names.map((name) => [name, random() < 0.5])));
    expect(
      fitQualityReference({ ...world, instances, features, days: [], threshold: THRESHOLD }).features,
    ).toHaveLength(20);
  });

  it('learns how much days differ, where there are ten of them', () => {
    const random = seededRandom(4);
    const world = drawWorld(random, 6_000);
    const input = { ...world, features: WORLD_FEATURES, threshold: THRESHOLD };
    const dayOf = (days: number) => world.scores.map((_, row) => row % days);
    expect(fitQualityReference({ ...input, days: dayOf(9) }).days).toBeNull();
    const alike = fitQualityReference({ ...input, days: dayOf(20) }).days;
    expect(alike?.count).toBe(20);
    expect(alike?.metrics.accuracy.residual).toBeLessThan(2e-4);
    // Outcomes of every other day are turned for a fifth of the rows: days now differ by far more than chance.
    const moody = world.labels.map((label, row) => (row % 20 < 10 && row % 100 < 20 ? 1 : label));
    const apart = fitQualityReference({ ...input, labels: moody, days: world.scores.map((_, row) => row % 20) }).days;
    expect(apart?.metrics.accuracy.residual).toBeGreaterThan(2e-4);
  });

  it('treats rows as independent when some row has no day', () => {
    const world = drawWorld(seededRandom(4), 1_000);
    const days = world.scores.map((_, row) => (row === 5 ? Number.NaN : row % 20));
    expect(fitQualityReference({ ...world, features: WORLD_FEATURES, threshold: THRESHOLD, days }).days).toBeNull();
  });

  it('names everything that is wrong with held-out rows at once', () => {
    const world = drawWorld(seededRandom(4), 100);
    const wrong = { ...world, features: WORLD_FEATURES, threshold: Number.NaN, days: [1, 2] };
    const scores = world.scores.with(3, Number.NaN);
    expect(problemsOf({ ...wrong, scores, labels: world.labels.map((_, row) => (row === 7 ? 2 : 0)) })).toEqual([
      'days: must be as many as the scores, 100',
      'scores[3]: must be a finite number',
      'labels[7]: must be 0 or 1',
      'threshold: must be a finite number',
      'labels: must be 200 rows or more',
      'labels: must hold 10 positive rows or more',
    ]);
  });
});
