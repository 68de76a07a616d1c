import { describe, expect, it } from 'vitest';
import { drawWorld } from '../../../bench/quality-goals/world.ts';
import { realisedSteps } from '../../../core/quality/realised-steps.ts';
import { countRows, referenceOf } from './counted.ts';

const { reference, random } = referenceOf(2_000, 1);
const day = (rows: number) => countRows(reference, drawWorld(random, rows));
const labelsOf = (counts: ReturnType<typeof day>) => counts.labelled.rows.reduce((sum, count) => sum + count, 0);

describe('realisedSteps', () => {
  it('keeps days of enough labels as they are', () => {
    expect(realisedSteps([day(200), day(300)]).map(labelsOf)).toEqual([200, 300]);
  });

  it('joins days that are too small, and leaves out a remainder', () => {
    expect(realisedSteps([day(40), day(40), day(120), day(10)]).map(labelsOf)).toEqual([80, 120]);
  });

  it('has no step where no day has labels', () => {
    expect(realisedSteps([day(0)])).toEqual([]);
  });
});
