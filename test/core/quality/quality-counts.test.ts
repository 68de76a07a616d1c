import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawWorld, WORLD_FEATURES } from '../../../bench/quality-goals/world.ts';
import { QualityCountsSchema } from '../../../contracts/quality-reference.ts';
import {
  addLabel,
  addRow,
  emptyQualityCounts,
  mergeQualityCounts,
  type QualityCounts,
} from '../../../core/quality/quality-counts.ts';
import { rowCoder } from '../../../core/quality/row-coder.ts';
import { restoreQualityCounts, storeQualityCounts } from '../../../core/quality/stored-counts.ts';
import { referenceOf } from './counted.ts';

const { reference, random } = referenceOf(2_000, 1);
const code = rowCoder(reference, WORLD_FEATURES);
const world = drawWorld(random, 60, { covariate: 0.5 });

interface Picked {
  readonly row: number;
  readonly label: boolean;
  readonly day: number;
}

/** Some of sixty rows, with or without their labels, on some day. */
const picked = fc.array(
  fc.record({ row: fc.integer({ min: 0, max: 59 }), label: fc.boolean(), day: fc.integer({ min: 0, max: 3 }) }),
  { maxLength: 40 },
);

function countsOf(rows: readonly Picked[]): QualityCounts {
  const counts = emptyQualityCounts(reference);
  for (const { row, label, day } of rows)
    addRow(counts, coded(row), { label: label ? world.labels[row] : undefined, day });
  return counts;
}

const coded = (row: number) => code(world.instances[row] ?? {}, world.scores[row] ?? 0);

describe('quality counts', () => {
  it('of two sets of rows merge exactly to the counts of all of them', () => {
    fc.assert(
      fc.property(picked, picked, (a, b) => {
        expect(mergeQualityCounts(countsOf(a), countsOf(b))).toEqual(countsOf([...a, ...b]));
      }),
      { numRuns: 40 },
    );
  });

  it('do not depend on the order of merging', () => {
    fc.assert(
      fc.property(picked, picked, (a, b) => {
        expect(mergeQualityCounts(countsOf(b), countsOf(a))).toEqual(mergeQualityCounts(countsOf(a), countsOf(b)));
      }),
      { numRuns: 40 },
    );
  });

  it('come back from JSON as they were', () => {
    fc.assert(
      fc.property(picked, (rows) => {
        const stored: unknown = JSON.parse(JSON.stringify(storeQualityCounts(countsOf(rows))));
        expect(restoreQualityCounts(QualityCountsSchema.parse(stored))).toEqual(countsOf(rows));
      }),
      { numRuns: 40 },
    );
  });

  it('are the same whether a label comes with its row or later', () => {
    const late = emptyQualityCounts(reference);
    addRow(late, coded(7), { day: 2 });
    addLabel(late, coded(7), world.labels[7] ?? 0);
    expect(late).toEqual(countsOf([{ row: 7, label: true, day: 2 }]));
  });

  it('of no rows store as next to nothing', () => {
    expect(JSON.stringify(storeQualityCounts(emptyQualityCounts(reference))).length).toBeLessThan(2_000);
  });
});

describe('rowCoder', () => {
  it('counts a feature that is not there as missing, and one that the model no longer has', () => {
    const { columns } = coded(3);
    const [first] = reference.features;
    const without = rowCoder(
      reference,
      WORLD_FEATURES.filter(({ name }) => name !== first?.name),
    );
    expect(without(world.instances[3] ?? {}, world.scores[3] ?? 0).columns[0]).toBe(
      first?.kind === 'numeric' ? first.edges.length + 1 : Number.NaN,
    );
    expect([...without(world.instances[3] ?? {}, world.scores[3] ?? 0).columns].slice(1)).toEqual(
      [...columns].slice(1),
    );
  });

  it('predicts a score of exactly the threshold positive', () => {
    expect(code(world.instances[0] ?? {}, reference.threshold).bin).toBe(reference.cut);
    expect(code(world.instances[0] ?? {}, reference.threshold - 1e-9).bin).toBe(reference.cut - 1);
  });
});
