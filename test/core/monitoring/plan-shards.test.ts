import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planShards } from '../../../core/monitoring/plan-shards.ts';

const files = (...sizes: readonly number[]) => sizes.map((size, index) => ({ key: `k${index}`, size }));
const sizesOf = (shards: ReturnType<typeof planShards>) => shards.map((shard) => shard.map(({ size }) => size));

describe('planShards', () => {
  it('cuts files into shards of about the same size', () => {
    expect(sizesOf(planShards(files(4, 4, 4, 4, 4, 4), 8))).toEqual([
      [4, 4],
      [4, 4],
      [4, 4],
    ]);
  });

  it('leaves a file that is larger than a shard alone', () => {
    expect(sizesOf(planShards(files(1, 100, 1), 10))).toEqual([[1], [100], [1]]);
  });

  it('makes no shard of its own for empty files at the end', () => {
    expect(sizesOf(planShards(files(4, 4, 0), 4))).toEqual([[4], [4, 0]]);
  });

  it('makes one shard of files that are empty', () => {
    expect(sizesOf(planShards(files(0, 0), 10))).toEqual([[0, 0]]);
  });

  it('keeps every file once and in order, in no more shards than the bytes ask for, none far above its share', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(1000), { minLength: 1, maxLength: 200 }),
        fc.integer({ min: 1, max: 5000 }),
        (sizes, most) => {
          const listed = files(...sizes);
          const shards = planShards(listed, most);
          expect(shards.flat()).toEqual(listed);
          const total = sizes.reduce((sum, size) => sum + size, 0);
          expect(shards.length).toBeLessThanOrEqual(Math.max(1, Math.ceil(total / most)));
          const largest = Math.max(...sizes);
          for (const shard of shards)
            expect(shard.reduce((sum, { size }) => sum + size, 0)).toBeLessThanOrEqual(most + 2 * largest);
        },
      ),
    );
  });
});
