import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeIds, holdsId, idCollector, idHash, mergeIds } from '../../../core/monitoring/id-index.ts';

const indexOf = (ids: readonly string[]) => {
  const collector = idCollector();
  for (const id of ids) collector.add(id);
  return collector.index();
};
const sorted = (index: string | null) => decodeIds(Buffer.from(index ?? '', 'base64'));

describe('index of inference ids', () => {
  it('holds every id that was added and none that was not', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string(), { maxLength: 200 }), fc.nat(200), (ids, cut) => {
        const [kept, others] = [ids.slice(0, cut), ids.slice(cut)];
        const index = sorted(indexOf(kept));
        expect(kept.every((id) => holdsId(index, idHash(id)))).toBe(true);
        expect(others.some((id) => holdsId(index, idHash(id)))).toBe(false);
      }),
    );
  });

  it('is the same for the whole as for its merged parts, in any order and with repetitions', () => {
    const ids = fc.array(fc.string(), { maxLength: 100 });
    fc.assert(
      fc.property(ids, ids, (a, b) => {
        expect(mergeIds(indexOf(a), indexOf(b))).toBe(indexOf([...a, ...b]));
        expect(mergeIds(indexOf(b), indexOf(a))).toBe(indexOf([...a, ...b]));
      }),
    );
  });

  it('grows past its first thousand ids', () => {
    const ids = Array.from({ length: 3000 }, (_, i) => `id-${i}`);
    const index = sorted(indexOf(ids));
    expect(index).toHaveLength(3000);
    expect(ids.every((id) => holdsId(index, idHash(id)))).toBe(true);
  });

  it('is given up when one part was', () => {
    expect(mergeIds(null, indexOf(['a']))).toBe(null);
    expect(mergeIds(indexOf(['a']), null)).toBe(null);
  });

  it('stores the first eight bytes of SHA-256', () => {
    const digest = createHash('sha256').update('abc').digest();
    // FIPS 180-2: SHA-256("abc") begins ba7816bf 8f01cfea.
    expect(digest.subarray(0, 8).toString('hex')).toBe('ba7816bf8f01cfea');
    expect(idHash('abc').toString(16)).toBe('eacf018fbf1678ba');
  });
});
