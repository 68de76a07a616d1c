import { Readable } from 'node:stream';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { byteRanges, linesOf, readFrom } from '../../../../core/intake/shards/byte-ranges.ts';

test('ranges cover everything once, and none is larger than asked', () => {
  fc.assert(
    fc.property(
      fc.nat(100),
      fc.integer({ min: 1, max: 10_000 }),
      fc.integer({ min: 1, max: 999 }),
      (from, size, most) => {
        const ranges = byteRanges(from, from + size, most);
        expect(ranges[0]?.from).toBe(from);
        expect(ranges.at(-1)?.to).toBe(from + size);
        for (const [index, range] of ranges.entries()) {
          expect(range.to - range.from).toBeLessThanOrEqual(most);
          if (index > 0) expect(range.from).toBe(ranges[index - 1]?.to);
        }
      },
    ),
  );
});

test('the lines of all ranges, in order, are the lines of the whole, wherever lines and chunks are cut', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.string({ unit: fc.constantFrom('a', 'b', '\n', '\r') }), { maxLength: 20 }),
      fc.integer({ min: 1, max: 12 }),
      fc.integer({ min: 1, max: 12 }),
      async (words, most, chunkBytes) => {
        const whole = Buffer.from(`x${words.join('')}`);
        const ranges = byteRanges(0, whole.length, most);
        const read: Buffer[] = [];
        for (const [index, range] of ranges.entries()) {
          const rest = whole.subarray(readFrom(range, index === 0));
          const chunks = Array.from({ length: Math.ceil(rest.length / chunkBytes) }, (_, at) =>
            rest.subarray(at * chunkBytes, (at + 1) * chunkBytes),
          );
          const own: Buffer[] = [];
          for await (const lines of linesOf(range, index === 0, Readable.from(chunks, { objectMode: true })))
            own.push(lines);
          const text = Buffer.concat(own).toString();
          // Whole lines only: a shard ends with a line, or with the upload.
          if (text !== '' && !text.endsWith('\n')) expect(whole.toString().endsWith(text)).toBe(true);
          read.push(...own);
        }
        expect(Buffer.concat(read).toString()).toBe(whole.toString());
      },
    ),
  );
});
