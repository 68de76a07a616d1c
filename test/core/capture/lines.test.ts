import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { linesOf } from '../../../core/capture/lines.ts';

async function* chunksOf(bytes: Uint8Array, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  let at = 0;
  for (let i = 0; at < bytes.length; i++) {
    const size = sizes[i % sizes.length] ?? 1;
    yield bytes.subarray(at, at + size);
    at += size;
  }
}

async function collect(lines: AsyncIterable<string>): Promise<string[]> {
  const all: string[] = [];
  for await (const line of lines) all.push(line);
  return all;
}

describe('linesOf', () => {
  it('gives the same lines wherever the stream is cut, even inside a character', async () => {
    const texts = fc.array(
      fc.string({ unit: 'grapheme' }).map((text) => `x${text.replaceAll('\n', '')}`),
      { maxLength: 20 },
    );
    const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(texts, sizes, fc.boolean(), async (lines, cuts, ends) => {
        const bytes = Buffer.from(lines.join('\n') + (ends ? '\n' : ''));
        expect(await collect(linesOf(chunksOf(bytes, cuts)))).toEqual(lines);
      }),
    );
  });

  it('leaves out empty lines', async () => {
    expect(await collect(linesOf(chunksOf(Buffer.from('\n\na\n \r\nb\n\n'), [3])))).toEqual(['a', 'b']);
  });
});
