import { createReadStream, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { eachRow, rowSpool, spooledBlocks } from '../../../../core/intake/shards/row-spool.ts';

const ROWS = ['1,"a"\n', '2,"two\nlines, and a ""quote"""\n', `3,"${'long '.repeat(300_000)}"\n`, '4,\n'];

function spooled(rows: readonly string[]): string {
  const path = join(mkdtempSync(join(tmpdir(), 'modelway-spool-')), 'rows');
  const spool = rowSpool(path);
  const reused = Buffer.alloc(2_000_000);
  for (const row of rows) spool.write(reused.subarray(0, reused.write(row)));
  spool.finish();
  return path;
}

async function rowsOf(chunks: AsyncIterable<Uint8Array>): Promise<readonly string[]> {
  const rows: string[] = [];
  for await (const block of spooledBlocks(chunks))
    eachRow(block, (start, next) => rows.push(block.toString('utf8', start, next)));
  return rows;
}

test('rows come back as they were, whatever the chunks, line ends inside quotes included', async () => {
  const path = spooled(ROWS);
  for (const highWaterMark of [1 << 20, 3])
    expect(await rowsOf(createReadStream(path, { highWaterMark }))).toEqual(ROWS);
});

test('no rows are no bytes', async () => {
  expect(readFileSync(spooled([])).length).toBe(0);
  expect(await rowsOf(createReadStream(spooled([])))).toEqual([]);
});

test('a spool that is cut off is told, not taken for fewer rows', async () => {
  const bytes = readFileSync(spooled(ROWS));
  await expect(rowsOf(Readable.from([bytes.subarray(0, bytes.length - 1)], { objectMode: true }))).rejects.toThrow(
    'cut off',
  );
  expect(() => eachRow(Buffer.from('1,"open\n'), () => {})).toThrow('does not end with a row');
});
