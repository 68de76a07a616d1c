import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Label } from '../../../contracts/labels.ts';
import { joinLabels, type LabelFile } from '../../../core/labels/join-labels.ts';
import { labelIndex } from '../../../core/labels/label-index.ts';

const said = (inferenceId: string, label: 0 | 1, more: Partial<Label> = {}): Label => ({
  inferenceId,
  row: 0,
  label,
  ...more,
});
const file = (arrivedAt: number, ...labels: readonly Label[]): LabelFile => ({ arrivedAt, labels });
const asked = (...ids: readonly string[]) => ids.map((inferenceId) => ({ inferenceId, row: 0 }));

describe('joinLabels', () => {
  it('gives each prediction the label of its id and row, and counts what is left over', () => {
    const rows = [...asked('a', 'b'), { inferenceId: 'b', row: 1 }];
    const joined = joinLabels(rows, [file(5, said('b', 1, { row: 1, value: 9 }), said('a', 0), said('ghost', 1))]);
    expect(joined).toEqual({
      outcomes: [{ label: 0, value: Number.NaN, at: 5 }, undefined, { label: 1, value: 9, at: 5 }],
      predictions: 3,
      labelled: 2,
      repeated: 0,
      contradicting: 0,
      unmatched: 1,
    });
  });

  it('lets the earliest label count: the same again is repeated, another one contradicts', () => {
    const early = said('a', 1, { at: '2026-01-01T00:00:00Z' });
    const joined = joinLabels(asked('a'), [
      file(Date.UTC(2026, 0, 2), said('a', 0), said('a', 1)),
      file(Date.UTC(2026, 0, 3), early),
    ]);
    expect(joined.outcomes).toEqual([{ label: 1, value: Number.NaN, at: Date.UTC(2026, 0, 1) }]);
    expect([joined.repeated, joined.contradicting]).toEqual([1, 1]);
  });

  it('takes another value for a contradiction too', () => {
    const joined = joinLabels(asked('a'), [file(1, said('a', 1, { value: 5 })), file(2, said('a', 1, { value: 6 }))]);
    expect([joined.outcomes[0]?.value, joined.repeated, joined.contradicting]).toEqual([5, 0, 1]);
  });

  it('gives a label once, also when two predictions were captured under one id', () => {
    const joined = joinLabels(asked('a', 'a'), [file(1, said('a', 1))]);
    expect(joined.outcomes.map((outcome) => outcome?.label)).toEqual([1, undefined]);
    expect([joined.labelled, joined.unmatched]).toEqual([1, 0]);
  });

  it('does not depend on the order of files, nor its outcomes on deliveries that come twice', () => {
    const labels = fc.array(
      fc.record({
        inferenceId: fc.constantFrom('a', 'b', 'c'),
        row: fc.nat(1),
        label: fc.nat(1),
        value: fc.option(fc.constantFrom(1, 2), { nil: undefined }),
        at: fc.option(fc.constantFrom('2026-01-01T00:00:00Z', '2026-01-02T00:00:00Z'), { nil: undefined }),
      }),
      { maxLength: 6 },
    );
    const files = fc.array(fc.record({ arrivedAt: fc.constantFrom(0, Date.UTC(2026, 0, 1), 2e12), labels }), {
      maxLength: 5,
    });
    const rows = ['a', 'b', 'c', 'd'].flatMap((inferenceId) => [0, 1].map((row) => ({ inferenceId, row })));
    fc.assert(
      fc.property(files, fc.infiniteStream(fc.nat()), (given, order) => {
        const key = new Map(given.map((one) => [one, order.next().value]));
        const shuffled = given.toSorted((x, y) => (key.get(x) ?? 0) - (key.get(y) ?? 0));
        const once = joinLabels(rows, given);
        expect(joinLabels(rows, shuffled)).toEqual(once);
        const again = joinLabels(rows, [...shuffled, ...given, ...given]);
        expect(again.outcomes).toEqual(once.outcomes);
        expect([again.labelled, again.unmatched]).toEqual([once.labelled, once.unmatched]);
      }),
      { numRuns: 300 },
    );
  });
});

describe('labelIndex', () => {
  it('keeps outcomes over its growth', () => {
    const index = labelIndex();
    for (let i = 0; i < 5000; i++) index.add(said(`id-${i}`, i % 3 === 0 ? 1 : 0, { value: i }), i);
    expect(index.take('id-4998', 0)).toEqual({ label: 1, value: 4998, at: 4998 });
    expect(index.take('id-0', 0)).toEqual({ label: 1, value: 0, at: 0 });
    expect(index.agreement()).toEqual({ distinct: 5000, repeated: 0, contradicting: 0 });
  });
});
