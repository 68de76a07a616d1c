import { describe, expect, it } from 'vitest';
import { normalFrom } from '../../../bench/quality-goals/world.ts';
import { ModelwayError } from '../../../contracts/problems.ts';
import { LossReferenceSchema } from '../../../contracts/quality-reference.ts';
import { watchedFeatures } from '../../../core/profile/watched.ts';
import { estimateLoss, fitLossReference, lossCoder } from '../../../core/quality/loss-model.ts';
import { addRow, emptyQualityCounts } from '../../../core/quality/quality-counts.ts';
import { type Random, seededRandom } from '../../../core/statistics/random.ts';

const features = ['x', 'z'].map((name) => ({
  name,
  kind: 'numeric' as const,
  read: (row: Readonly<Record<string, unknown>>) => Number(row[name]),
}));

/** A regression whose errors grow with a feature that its prediction does not show. */
function draw(random: Random, rows: number, shift = 0) {
  const normal = normalFrom(random);
  const drawn = Array.from({ length: rows }, () => ({ x: normal(), z: normal() + shift }));
  return {
    instances: drawn,
    predictions: drawn.map(({ x }) => 10 + 3 * x),
    losses: drawn.map(({ z }) => Math.abs(normal() * (1 + 0.6 * Math.max(-1, Math.min(2, z))))),
  };
}

const meanOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

describe('estimateLoss', () => {
  const random = seededRandom(2);
  const heldOut = draw(random, 10_000);
  const reference = fitLossReference({ ...heldOut, features, days: [] });
  const estimateOf = (window: ReturnType<typeof draw>, own = reference) => {
    const code = lossCoder(own, features);
    const counts = emptyQualityCounts(own);
    window.instances.forEach((instance, row) => {
      addRow(counts, code(instance, window.predictions[row] ?? 0));
    });
    return estimateLoss(own, counts);
  };

  it('follows a feature that makes errors larger, with intervals that hold', () => {
    const windows = Array.from({ length: 20 }, (_, seed) => {
      const own = seededRandom(50 + seed);
      const window = draw(own, 1_000, 0.4);
      return { window, estimate: estimateOf(window, fitLossReference({ ...draw(own, 15_000), features, days: [] })) };
    });
    const held = windows.filter(
      ({ window, estimate }) =>
        estimate && estimate.interval[0] <= meanOf(window.losses) && meanOf(window.losses) <= estimate.interval[1],
    );
    expect(held.length).toBeGreaterThanOrEqual(17);
    expect(meanOf(windows.map(({ window }) => meanOf(window.losses)))).toBeGreaterThan(1.15 * meanOf(heldOut.losses));
  });

  it('is the held-out mean for the held-out rows', () => {
    expect(estimateOf(heldOut)?.value).toBeCloseTo(meanOf(heldOut.losses), 4);
  });

  it('is not defined without rows', () => {
    expect(estimateOf({ instances: [], predictions: [], losses: [] })).toBeUndefined();
  });

  it('sees what sets days apart, though corrections by weekday take up part of the days they know', () => {
    const weekday = watchedFeatures({ features: [{ kind: 'category', column: 'weekday' }] });
    const spreads = Array.from({ length: 20 }, (_, seed) => {
      const own = seededRandom(900 + seed);
      const normal = normalFrom(own);
      const moods = Array.from({ length: 28 }, () => 0.3 * normal());
      const rows = moods.flatMap((mood, day) =>
        Array.from({ length: 150 }, () => ({ day, loss: 2 + mood + 0.5 * (own() - 0.5) })),
      );
      const centre = meanOf(moods);
      const { days } = fitLossReference({
        features: weekday,
        instances: rows.map(({ day }) => ({ weekday: `w${day % 7}` })),
        predictions: rows.map(() => 1),
        losses: rows.map(({ loss }) => loss),
        days: rows.map(({ day }) => day),
      });
      return { found: days?.residual ?? 0, luck: moods.reduce((sum, mood) => sum + (mood - centre) ** 2, 0) / 27 };
    });
    const share = meanOf(spreads.map(({ found }) => found)) / meanOf(spreads.map(({ luck }) => luck));
    // Fitted to the same days, a weekday's correction would hide 39 % of it.
    expect(Math.abs(share - 1)).toBeLessThan(0.15);
  });

  it('stands on plain JSON', () => {
    expect(LossReferenceSchema.parse(JSON.parse(JSON.stringify(reference)))).toEqual(reference);
  });

  it('refuses negative losses and lists that differ in length', () => {
    const wrong = { ...heldOut, features, days: [], losses: [-1, ...heldOut.losses] };
    expect(() => fitLossReference(wrong)).toThrow(ModelwayError);
    expect(() => fitLossReference(wrong)).toThrow(
      /losses: must be as many .*; losses\[0\]: must be a number of 0 or more/,
    );
  });
});
