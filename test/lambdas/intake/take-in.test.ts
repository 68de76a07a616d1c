import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { FileReportSchema } from '../../../contracts/findings.ts';
import { FUNCTIONS } from '../../../contracts/functions.ts';
import { DatasetDetailSchema } from '../../../contracts/records.ts';
import { requireLake, takeIn } from '../../../lambdas/intake/take-in.ts';
import { flightsModel } from '../flights-model.ts';
import { type MemoryLake, memoryLake } from '../memory-lake.ts';
import { type MemoryLineage, memoryLineage } from '../memory-lineage.ts';
import { intakeTools } from './intake-stage.ts';

const KEY = 'inbox/flights/january.csv';
const CSV = `departs,distance,earlier,origin,late
2001-01-01T05:30:00Z,100,,SFO,true
2001-01-02T05:30:00Z,200,3,LAX,false
2001-01-03T05:30:00Z,300,4,LAX,false
`;
const NOW = new Date('2001-02-03T04:05:06Z');
const model = flightsModel();

function request(versionId = 'v1', execution = 'e1') {
  const upload = { bucket: 'lake', key: KEY, versionId, size: 1, etag: 'x', uploadedAt: '2001-02-03T04:00:00Z' };
  return { model, execution, upload };
}

async function upload(
  content: string,
  lake: MemoryLake = memoryLake(),
  lineage: MemoryLineage = memoryLineage(),
  versionId = 'v1',
) {
  lake.objects.set(`${KEY}?${versionId}`, Buffer.from(content));
  const result = await takeIn(request(versionId, `e-${versionId}`), intakeTools(lake, lineage, { now: NOW }));
  expect(FUNCTIONS.intake.output.parse(result)).toEqual(result);
  return { result, lake, lineage };
}

test('a clean upload becomes a dataset version that names its source, its parts and its time', async () => {
  const { result, lake, lineage } = await upload(CSV);
  expect(result).toMatchObject({ verdict: 'accepted', rows: { read: 3, accepted: 3, quarantined: 0 } });
  const record = await lineage.get('flights', `dataset#${result.datasetVersion}`);
  expect(record).toMatchObject({ kind: 'dataset', at: NOW.toISOString(), parents: ['intake#e-v1'] });
  const detail = DatasetDetailSchema.parse(JSON.parse(record?.detail ?? ''));
  expect(detail).toMatchObject({
    rows: 3,
    from: '2001-01-01T05:30:00Z',
    to: '2001-01-03T05:30:00Z',
    sources: [{ bucket: 'lake', key: KEY, versionId: 'v1', rows: 3 }],
  });
  expect(detail.sources[0]?.sha256).toBe(createHash('sha256').update(CSV).digest('hex'));
  for (const part of detail.parts)
    expect(
      Buffer.from(lake.objects.get(part) ?? [])
        .subarray(0, 4)
        .toString(),
    ).toBe('PAR1');
  expect(FileReportSchema.parse(JSON.parse(lake.text(result.reportKey)))).toMatchObject({
    file: 'january.csv',
    verdict: 'accepted',
  });
});

test('bad rows lie in quarantine with their findings, and the summary names the first', async () => {
  const rows = Array.from({ length: 200 }, (_, index) => `2001-01-04T00:00:00Z,${index},,SFO,${index % 2 === 0}`);
  const { result, lake } = await upload(`${CSV}${rows.join('\n')}\n2001-01-05,-7,,SFO,true\n`);
  expect(result).toMatchObject({ verdict: 'quarantined', rows: { read: 204, accepted: 203, quarantined: 1 } });
  expect(result.datasetVersion).not.toBeNull();
  expect(result.summary).toBe(
    'january.csv: 203 of 204 rows accepted, 1 quarantined; first: range at row 204, column distance: outside 0 to any (got "-7")',
  );
  const [line = ''] = lake.text('quarantine/flights/e-v1.jsonl').split('\n');
  expect(JSON.parse(line)).toMatchObject({ row: 204, findings: [{ rule: 'range' }], raw: '2001-01-05,-7,,SFO,true' });
});

test('too many bad rows hold the file back: a report, no dataset version', async () => {
  const { result, lake, lineage } = await upload(`${CSV}2001-01-05,-7,,SFO,true\n`);
  expect(result).toMatchObject({ verdict: 'quarantined', datasetVersion: null });
  expect(result.summary).toContain('held back, 1 of 4 rows are bad');
  expect(lineage.records.size).toBe(0);
  expect([...lake.objects.keys()].filter((key) => key.startsWith('datasets/'))).toEqual([]);
});

test('an unreadable upload is rejected with a report', async () => {
  const { result, lake } = await upload('PK\u0003\u0004');
  expect(result).toMatchObject({ verdict: 'rejected', datasetVersion: null, rows: { read: 0 } });
  expect(lake.text(result.reportKey.replace('.json', '.html'))).toContain('ZIP archive');
});

test('exactly the version named is read, whatever came later under the same key', async () => {
  const lake = memoryLake();
  lake.objects.set(KEY, Buffer.from('overwritten'));
  expect((await upload(CSV, lake)).result.verdict).toBe('accepted');
});

describe('done again', () => {
  test('the same upload gives the same version and writes no part a second time', async () => {
    const { result, lake, lineage } = await upload(CSV);
    const before = [...lineage.records.values()];
    lake.writes.length = 0;
    const again = await upload(CSV, lake, lineage);
    expect(again.result).toEqual(result);
    expect([...lineage.records.values()]).toEqual(before);
    expect(lake.writes.filter((key) => key.startsWith('datasets/'))).toEqual([]);
  });

  test('the same rows in another file are the version there is already', async () => {
    const { result, lake, lineage } = await upload(CSV);
    const again = await upload(CSV.replaceAll(',', ';').replaceAll('\n', '\r\n'), lake, lineage, 'v2');
    expect(again.result.datasetVersion).toBe(result.datasetVersion);
    expect(lineage.records.size).toBe(1);
  });

  test('many registrations at once give one record and one answer', async () => {
    const [lake, lineage] = [memoryLake(), memoryLineage()];
    const results = await Promise.all(Array.from({ length: 10 }, () => upload(CSV, lake, lineage)));
    expect(new Set(results.map(({ result }) => result.datasetVersion)).size).toBe(1);
    expect(lineage.records.size).toBe(1);
  });
});

test('an upload outside the lake is refused', () => {
  expect(() => requireLake(request().upload, 'lake')).not.toThrow();
  expect(() => requireLake(request().upload, 'another')).toThrow(/foreign-bucket.*another only/);
});
