import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Label } from '../../../contracts/labels.ts';
import { labelLines } from '../../../core/labels/label-text.ts';
import { readLabels } from '../../../core/labels/read-labels.ts';

async function* inChunks(bytes: Uint8Array, size: number) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function read(content: string | Uint8Array, size = 1 << 16) {
  const taken: Label[] = [];
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  const reading = await readLabels(inChunks(bytes, size), (label) => taken.push(label));
  return { ...reading, taken };
}

describe('readLabels', () => {
  it('reads JSON Lines with row 0 where none is named', async () => {
    const { taken, format, bad } = await read(
      '{"inferenceId":"a","label":1}\n\n{"inferenceId":"b","row":2,"label":false,"value":-3.5,"at":"2026-01-02T03:04:05Z"}\n',
    );
    expect([format, bad]).toEqual(['json-lines', 0]);
    expect(taken).toEqual([
      { inferenceId: 'a', row: 0, label: 1 },
      { inferenceId: 'b', row: 2, label: 0, value: -3.5, at: '2026-01-02T03:04:05Z' },
    ]);
  });

  it('reads CSV with a header in any order, with a byte order mark, quotes, semicolons and CRLF', async () => {
    const { taken, format } = await read('\uFEFFlabel;inferenceId;value\r\ntrue;"a;b";2\r\n0;c;\r\n');
    expect(format).toBe('csv');
    expect(taken).toEqual([
      { inferenceId: 'a;b', row: 0, label: 1, value: 2 },
      { inferenceId: 'c', row: 0, label: 0 },
    ]);
  });

  it('reads gzip, and says when it is cut off', async () => {
    const packed = gzipSync('{"inferenceId":"a","label":1}\n'.repeat(1000));
    expect((await read(packed, 7)).labels).toBe(1000);
    await expect(read(packed.subarray(0, packed.length - 9))).rejects.toThrow(/damaged or cut off/);
  });

  it('keeps hostile lines aside with line number and reason, and goes on', async () => {
    const lines = [
      '{"inferenceId":"a","label":2}',
      '{"inferenceId":"a","label":NaN}',
      '{"inferenceId":"a","label":1,"__proto__":{"row":7}}',
      '{"inferenceId":"a","label":1,"extra":1}',
      '{"inferenceId":7,"label":1}',
      '{"inferenceId":"a","label":1,"row":-1}',
      '{"inferenceId":"a","label":1,"row":0.5}',
      '{"inferenceId":"a","label":1,"value":1e999}',
      '[1]',
      'null',
      `{"inferenceId":"${'x'.repeat(20_000)}","label":1}`,
      `{"inferenceId":"a","label":1,"at":"yesterday"}`,
      '{"inferenceId":"fine","label":1}',
    ];
    const { taken, bad, badLines } = await read(lines.join('\n'));
    expect(taken).toEqual([{ inferenceId: 'fine', row: 0, label: 1 }]);
    expect(bad).toBe(12);
    expect(badLines.map(({ line }) => line)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    expect(badLines.map(({ reason }) => reason).join('\n')).toMatch(/__proto__[\s\S]*longer than 16384 bytes/);
  });

  it('skips a line of 10 MB without holding it', async () => {
    const long = Buffer.concat([
      Buffer.from('{"inferenceId":"a","label":1}\n'),
      Buffer.alloc(10 * 2 ** 20, 0x61),
      Buffer.from('\n{"inferenceId":"b","label":0}'),
    ]);
    const { taken, badLines } = await read(long);
    expect(taken.map(({ inferenceId }) => inferenceId)).toEqual(['a', 'b']);
    expect(badLines).toMatchObject([{ line: 2, reason: 'is longer than 16384 bytes' }]);
    expect(badLines[0]?.text.length).toBeLessThanOrEqual(200);
  });

  it('counts every bad line and keeps twenty', async () => {
    const { bad, badLines } = await read(`{"inferenceId":"a","label":1}\n${'x\n'.repeat(50)}`);
    expect([bad, badLines.length]).toEqual([50, 20]);
  });

  it('refuses a CSV header that lacks, repeats or invents columns, naming all of it', async () => {
    await expect(read('id,value,value\n1,2,3\n')).rejects.toThrow(
      /no column inferenceId.*no column label.*unknown column "id".*names value twice/,
    );
  });

  it('stops at a bomb', async () => {
    const lines = labelLines(inChunks(gzipSync(Buffer.alloc(10_000_000, '{}\n')), 1000), 30_000);
    const count = async () => {
      for await (const { line } of lines) expect(line).toBeGreaterThan(0);
    };
    await expect(count()).rejects.toThrow(/holds more than 30000 bytes, unpacked; split the file/);
  });

  it('finds nothing in an empty file, without an error', async () => {
    expect(await read('')).toMatchObject({ format: 'empty', labels: 0, bad: 0 });
  });

  it('reads the same whatever the chunks are, and never throws on what follows a good line', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), fc.integer({ min: 1, max: 40 }), async (noise, size) => {
        const content = Buffer.concat([Buffer.from('{"inferenceId":"ä","label":1}\n'), noise]);
        const whole = await read(content);
        expect(await read(content, size)).toEqual(whole);
        expect(whole.taken[0]).toEqual({ inferenceId: 'ä', row: 0, label: 1 });
      }),
      { numRuns: 200 },
    );
  });
});
