import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { MOST_TOLD, repeatedKeys } from '../../../../core/intake/repeats/repeated-keys.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'modelway-keys-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const WORD = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }));
let files = 0;
const path = () => join(folder, String(files++));

test('the places of repeated keys are those of a simple count, in memory and on disk', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(WORD, WORD), { maxLength: 200 }), fc.integer({ min: 1, max: 300 }), (keys, room) => {
      const search = repeatedKeys(path(), room);
      for (const [place, [low, high]] of keys.entries()) search.add(low, high, 3 * place);
      const times = new Map<string, number>();
      for (const key of keys) times.set(String(key), (times.get(String(key)) ?? 0) + 1);
      const repeated = keys.flatMap((key, place) => (times.get(String(key)) === 1 ? [] : [3 * place]));
      expect(search.finish()).toEqual(repeated);
    }),
    { numRuns: 60 },
  );
});

test('places above 2^31 are whole', () => {
  const search = repeatedKeys(path());
  search.add(1, 2, 3_000_000_000);
  search.add(1, 2, 4_000_000_000);
  expect(search.finish()).toEqual([3_000_000_000, 4_000_000_000]);
});

test('nothing is written while the keys fit into memory, and 12 bytes a key beyond', () => {
  const [few, many] = [path(), path()];
  const [small, large] = [repeatedKeys(few, 1001), repeatedKeys(many, 1000)];
  for (let key = 0; key < 1000; key++) {
    small.add(key, Math.imul(key, 0x9e3779b1), key);
    large.add(key, Math.imul(key, 0x9e3779b1), key);
  }
  expect([small.finish(), large.finish()]).toEqual([[], []]);
  expect(existsSync(few)).toBe(false);
  expect(statSync(many).size).toBe(12_000);
});

test('more repeats than are told are said to be too many', () => {
  const search = repeatedKeys(path());
  for (let place = 0; place < MOST_TOLD + 2; place++) search.add(place >> 1, 0, place);
  expect(search.finish()).toBeNull();
});
