import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Label } from '../../../contracts/labels.ts';
import { decodeIds, idCollector } from '../../../core/monitoring/id-index.ts';
import { unplacedLabels } from '../../../core/monitoring/labels-by-hash.ts';

const id = fc.integer({ min: 0, max: 30 }).map((n) => `id ${n}`);
const label = (inferenceId: string, row: number): Label => ({ inferenceId, row, label: row % 2 === 0 ? 0 : 1 });

function indexOf(ids: readonly string[]): BigUint64Array {
  const collector = idCollector();
  for (const one of ids) collector.add(one);
  return decodeIds(Buffer.from(collector.index() ?? '', 'base64'));
}

describe('labels whose window is not known', () => {
  it('are found in the first window that has their id, in the order in which they came', () => {
    fc.assert(
      fc.property(fc.array(id, { maxLength: 40 }), fc.array(fc.array(id, { maxLength: 40 })), (named, windows) => {
        const labels = named.map((inferenceId, row) => label(inferenceId, row));
        const unplaced = unplacedLabels(labels);
        let rest = labels;
        for (const ids of windows) {
          const here = new Set(ids);
          expect(unplaced.takeFound(indexOf(ids))).toEqual(rest.filter(({ inferenceId }) => here.has(inferenceId)));
          rest = rest.filter(({ inferenceId }) => !here.has(inferenceId));
          expect(unplaced.rest()).toEqual(rest);
          expect(unplaced.left()).toBe(new Set(rest.map(({ inferenceId }) => inferenceId)).size);
        }
      }),
    );
  });

  it('are none without labels', () => {
    expect(unplacedLabels([]).takeFound(indexOf(['a']))).toEqual([]);
    expect(unplacedLabels([]).left()).toBe(0);
  });
});
