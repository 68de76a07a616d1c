import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { halvesOf, idSet, partOf } from '../../../core/monitoring/id-set.ts';

describe('a set of ids', () => {
  it('has the ids that were added, each once, and no others', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), fc.array(fc.string()), (added, asked) => {
        const set = idSet();
        for (const id of added) set.add(halvesOf(id));
        expect(set.size()).toBe(new Set(added).size);
        for (const id of [...added, ...asked]) expect(set.has(halvesOf(id))).toBe(added.includes(id));
      }),
    );
  });

  it('grows', () => {
    const set = idSet();
    for (let n = 0; n < 5000; n++) set.add(halvesOf(`id-${n}`));
    expect(set.size()).toBe(5000);
    const kept = Array.from({ length: 10_000 }, (_, n) => set.has(halvesOf(`id-${n}`)));
    expect(kept.filter((held) => held)).toHaveLength(5000);
    expect(kept.slice(0, 5000)).not.toContain(false);
  });
});

describe('partOf', () => {
  it('cuts ids into parts of about one size', () => {
    const sizes = [0, 0, 0];
    for (let n = 0; n < 3000; n++)
      sizes[partOf(halvesOf(`id-${n}`), 3)] = (sizes[partOf(halvesOf(`id-${n}`), 3)] ?? 0) + 1;
    // Binomial with n = 3000 and p = 1/3: a standard deviation of 26.
    for (const size of sizes) expect(Math.abs(size - 1000)).toBeLessThan(4 * 26);
    expect(partOf(halvesOf('anything'), 1)).toBe(0);
  });
});
