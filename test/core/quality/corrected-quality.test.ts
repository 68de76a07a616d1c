import { describe, expect, it } from 'vitest';
import { drawWorld } from '../../../bench/quality-goals/world.ts';
import { QUALITY_METRICS } from '../../../contracts/quality.ts';
import { areaUnderCurve } from '../../../core/quality/area-under-curve.ts';
import { binMetric } from '../../../core/quality/bin-metrics.ts';
import { correctedQuality } from '../../../core/quality/corrected-quality.ts';
import { realisedBins } from '../../../core/quality/quality-gap.ts';
import { countRows, referenceOf } from './counted.ts';

const { reference, random } = referenceOf(20_000, 7);

describe('correctedQuality', () => {
  it('is the realised metric where every row has its label', () => {
    const counts = countRows(reference, drawWorld(random, 3_000, { concept: 0.3 }));
    const corrected = correctedQuality(reference, counts);
    for (const metric of QUALITY_METRICS)
      expect(corrected.find(({ name }) => name === metric)?.value, metric).toBeCloseTo(
        binMetric(metric, realisedBins(counts.labelled), reference.cut),
        6,
      );
  });

  it('mends what labels leave out when high scores are never labelled', () => {
    const errors = Array.from({ length: 8 }, () => {
      const world = drawWorld(random, 4_000);
      const counts = countRows(reference, world, { labelled: (row) => (world.scores[row] ?? 0) < 0.5 });
      const realised = areaUnderCurve(world).value;
      return {
        corrected: (correctedQuality(reference, counts)[0]?.value ?? 0) - realised,
        naive: binMetric('auc', realisedBins(counts.labelled), reference.cut) - realised,
      };
    });
    const meanOf = (pick: (error: (typeof errors)[number]) => number) =>
      errors.reduce((sum, error) => sum + pick(error), 0) / errors.length;
    expect(meanOf(({ naive }) => naive)).toBeLessThan(-0.05);
    expect(Math.abs(meanOf(({ corrected }) => corrected))).toBeLessThan(0.008);
  });

  it('is surer the more labels there are', () => {
    const world = drawWorld(random, 4_000);
    const widthOf = (every: number) => {
      const [auc] = correctedQuality(reference, countRows(reference, world, { labelled: (row) => row % every === 0 }));
      return (auc?.interval[1] ?? 0) - (auc?.interval[0] ?? 0);
    };
    expect(widthOf(1)).toBeLessThan(widthOf(4));
    expect(widthOf(4)).toBeLessThan(widthOf(40));
  });

  it('says nothing without labels', () => {
    expect(
      correctedQuality(reference, countRows(reference, drawWorld(random, 300), { labelled: () => false })),
    ).toEqual([]);
  });
});
