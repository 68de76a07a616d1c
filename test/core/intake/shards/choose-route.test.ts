import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { DEFAULT_LARGE_UPLOADS } from '../../../../contracts/large-upload.ts';
import { chooseRoute } from '../../../../core/intake/shards/choose-route.ts';

const CSV = 'id,size\nk1,1\nk2,2\n';
const MEGABYTE = 2 ** 20;
const route = (head: string | Buffer, bytes: number, name = 'a.csv') =>
  chooseRoute({ name, bytes, head: Buffer.from(head) }, DEFAULT_LARGE_UPLOADS);

test('what fits goes to one invocation, whatever it is', () => {
  expect(route(CSV, 1024 * MEGABYTE)).toEqual({ route: 'one' });
  expect(route(gzipSync(CSV), 128 * MEGABYTE)).toEqual({ route: 'one' });
  expect(route('%PDF-1.7', MEGABYTE)).toEqual({ route: 'one' });
});

test('larger CSV without quotes and JSON Lines are cut; the header belongs to every shard of CSV', () => {
  expect(route(CSV, 1025 * MEGABYTE)).toMatchObject({
    route: 'map',
    shards: { format: 'csv', headerBytes: 8, ranges: { length: 5 } },
  });
  expect(route(`\ufeff\r\n${CSV.replaceAll('\n', '\r\n')}`, 2000 * MEGABYTE)).toMatchObject({
    shards: { headerBytes: 14 },
  });
  const lines = route('{"id":"\\"k1\\""}\n', 2048 * MEGABYTE, 'a.jsonl');
  expect(lines).toMatchObject({ shards: { format: 'json-lines', headerBytes: 0, ranges: { length: 8 } } });
});

test.each([
  ['gzip', gzipSync(CSV), 129, 'a.csv.gz'],
  ['a Parquet file', 'PAR1rows', 1025, 'a.parquet'],
  ['do not lie in lines', '[{"id":1}]', 1025, 'a.json'],
  ['do not lie in lines', '%PDF-1.7', 1025, 'a.csv'],
  ['cells in quotes', 'id,size\n"k\n1",1\n', 1025, 'a.csv'],
  ['header does not end', 'id,size\rk1,1\rk2,2\n', 1025, 'a.csv'],
  ['header does not end', 'x'.repeat(100), 1025, 'a.csv'],
  ['larger than', CSV, 10_241, 'a.csv'],
])('what cannot be cut goes to a job, which says why: %s', (reason, head, megabytes, name) => {
  expect(route(head, megabytes * MEGABYTE, name)).toEqual({ route: 'job', reason: expect.stringContaining(reason) });
});
