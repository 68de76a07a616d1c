import { describe, expect, test } from 'vitest';
import { linkRecords } from '../../../core/lineage/lineage-graph.ts';
import { runBehind } from '../../../core/reproduction/run-behind.ts';
import { MODEL, PACKAGE, RECORDS } from '../lineage/lineage-fixture.ts';

const lineage = linkRecords(MODEL, RECORDS);

describe('the run behind a record', () => {
  test.each([
    ['deployment#p-1', 'e-1'],
    [`package#${PACKAGE}`, 'e-1'],
    ['window#2001-02-12T01:00:00Z', 'e-1'],
    ['run#e-2', 'e-2'],
  ])('of %s is %s', (root, run) => {
    expect(runBehind(lineage, root)).toBe(run);
  });

  test.each(['dataset#d-1', 'snapshot#s-1', 'failure#f-1'])('of %s is none', (root) => {
    expect(() => runBehind(lineage, root)).toThrow(/was not made by a training run.*name live/);
  });
});
