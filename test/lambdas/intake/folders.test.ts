import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { FileReportSchema } from '../../../contracts/findings.ts';
import { takeIn } from '../../../lambdas/intake/take-in.ts';
import { flightsModel } from '../flights-model.ts';
import { memoryLake } from '../memory-lake.ts';
import { memoryLineage } from '../memory-lineage.ts';
import { intakeTools, put, request, wholeVersions } from './intake-stage.ts';

const FOLDER = 'inbox/flights/2001-01/';
const model = flightsModel();
const rows = (from: number, count: number) =>
  Array.from(
    { length: count },
    (_, index) => `2001-01-0${1 + ((from + index) % 7)}T00:00:00Z,${from + index},,SFO,${index % 2 === 0}\n`,
  ).join('');
const csv = (from: number, count = 3) => `departs,distance,earlier,origin,late\n${rows(from, count)}`;

function stage(now?: Date) {
  const [lake, lineage] = [memoryLake(), memoryLineage()];
  const tools = intakeTools(lake, lineage, now === undefined ? {} : { now });
  const take = (key: string, options = {}) => takeIn(request(model, key, options), tools);
  const report = (reportKey: string) => FileReportSchema.parse(JSON.parse(lake.text(reportKey)));
  return { lake, lineage, take, report };
}
const manifest = (...files: readonly object[]) => JSON.stringify({ files });

describe('a folder', () => {
  test('becomes one dataset version of all its files, each named with version, hash and rows', async () => {
    const { lake, lineage, take, report } = stage();
    put(lake, `${FOLDER}b/part 1 +50% ü.csv`, csv(10, 2), 'vb');
    put(lake, `${FOLDER}a.csv`, csv(0), 'va');
    put(lake, `${FOLDER}_SUCCESS`, '');
    const result = await take(`${FOLDER}_SUCCESS`);
    expect(result).toMatchObject({ verdict: 'accepted', rows: { read: 5, accepted: 5, quarantined: 0 } });
    expect(result.summary).toBe('2001-01/: 5 of 5 rows accepted, 0 quarantined');
    const [version] = wholeVersions(lake, lineage);
    expect(version).toMatchObject({
      version: result.datasetVersion,
      rows: 5,
      sources: [
        { key: `${FOLDER}a.csv`, versionId: 'va', rows: 3, sha256: createHash('sha256').update(csv(0)).digest('hex') },
        { key: `${FOLDER}b/part 1 +50% ü.csv`, versionId: 'vb', rows: 2 },
      ],
    });
    expect(report(result.reportKey).files?.map(({ file }) => file)).toEqual(['a.csv', 'b/part 1 +50% ü.csv']);
    put(lake, 'inbox/flights/one.csv', `${csv(0)}${rows(10, 2)}`);
    expect((await take('inbox/flights/one.csv', { execution: 'e-one' })).datasetVersion).toBe(result.datasetVersion);
  });

  test('leaves out hidden and unfinished files, markers, and what was deleted or overwritten', async () => {
    const { lake, take } = stage();
    for (const name of ['_temporary/0/a.csv', '.crc', 'b.csv.part', 'sub/manifest.json'])
      put(lake, `${FOLDER}${name}`, 'x');
    put(lake, `${FOLDER}a.csv`, 'broken', 'old');
    put(lake, `${FOLDER}a.csv`, csv(0), 'new');
    put(lake, `${FOLDER}_SUCCESS`, '');
    expect(await take(`${FOLDER}_SUCCESS`)).toMatchObject({ verdict: 'accepted', rows: { read: 3 } });
  });

  test('is held against its manifest, whichever marker was heard of', async () => {
    const { lake, take } = stage();
    put(lake, `${FOLDER}a.csv`, csv(0));
    put(lake, `${FOLDER}manifest.json`, manifest({ key: 'a.csv', rows: 4, size: 1 }));
    put(lake, `${FOLDER}_SUCCESS`, '');
    for (const marker of ['manifest.json', '_SUCCESS']) {
      const { verdict, summary } = await take(`${FOLDER}${marker}`, { execution: marker });
      expect([verdict, summary]).toEqual(['rejected', expect.stringContaining('bytes where the manifest says 1')]);
    }
  });

  test('with both markers is one dataset version, whichever comes second and however late', async () => {
    const { lake, lineage, take } = stage();
    put(lake, `${FOLDER}a.csv`, csv(0));
    put(lake, `${FOLDER}_SUCCESS`, '');
    const first = await take(`${FOLDER}_SUCCESS`, { execution: 'success' });
    put(lake, `${FOLDER}manifest.json`, manifest({ key: 'a.csv', rows: 3 }));
    const second = await take(`${FOLDER}manifest.json`, { execution: 'manifest' });
    expect([second.verdict, second.datasetVersion]).toEqual(['accepted', first.datasetVersion]);
    expect(wholeVersions(lake, lineage).length).toBe(1);
  });

  test('of thousands of files lists them all beside its record', async () => {
    const { lake, lineage, take } = stage();
    for (let index = 0; index < 104; index++)
      put(lake, `${FOLDER}part-${1000 + index}.csv`, csv(index * 10, 1 + (index % 2)));
    put(lake, `${FOLDER}_SUCCESS`, '');
    await take(`${FOLDER}_SUCCESS`);
    const [version] = wholeVersions(lake, lineage);
    expect([version?.sources.length, version?.sourcesTotal]).toEqual([100, 104]);
    expect(version?.files?.map(({ key }) => key)).toContain(version?.sourcesKey);
  });

  test('inside one that has a marker itself is no upload of its own', async () => {
    const { lake, lineage, take } = stage();
    put(lake, `${FOLDER}_SUCCESS`, '');
    put(lake, `${FOLDER}b/a.csv`, csv(0));
    put(lake, `${FOLDER}b/manifest.json`, manifest({ key: 'a.csv' }));
    const { verdict, summary } = await take(`${FOLDER}b/manifest.json`);
    expect([verdict, summary]).toEqual(['rejected', expect.stringContaining(`lies in ${FOLDER}`)]);
    expect(lineage.records.size).toBe(0);
  });
});

describe('files that a manifest names and that are not there', () => {
  const early = new Date('2001-02-03T04:14:59Z');
  const late = new Date('2001-02-03T04:15:00Z');

  test('are waited for, for a quarter of an hour', async () => {
    const { lake, lineage, take } = stage(early);
    put(lake, `${FOLDER}a.csv`, csv(0));
    put(lake, `${FOLDER}manifest.json`, manifest({ key: 'a.csv' }, { key: 'b.csv' }));
    await expect(take(`${FOLDER}manifest.json`)).rejects.toMatchObject({ name: 'IncompleteUpload' });
    expect([lake.writes, lineage.records.size]).toEqual([[], 0]);
    put(lake, `${FOLDER}b.csv`, csv(10));
    expect(await take(`${FOLDER}manifest.json`)).toMatchObject({ verdict: 'accepted', rows: { read: 6 } });
  });

  test('refuse the upload after that, each named', async () => {
    const { lake, take, report } = stage(late);
    put(lake, `${FOLDER}a.csv`, csv(0));
    put(lake, `${FOLDER}manifest.json`, manifest({ key: 'a.csv' }, { key: 'b.csv' }, { key: 'c/d.csv' }));
    const { verdict, reportKey } = await take(`${FOLDER}manifest.json`);
    expect(verdict).toBe('rejected');
    expect(report(reportKey).findings.map(({ value, message }) => [value, message])).toEqual(
      ['b.csv', 'c/d.csv'].map((key) => [key, 'is in the manifest and not in the folder']),
    );
  });
});

describe('what an intake has begun with', () => {
  test('stays when it is tried again: versions that came later are another upload', async () => {
    const { lake, lineage, take } = stage();
    put(lake, `${FOLDER}a.csv`, csv(0), 'v1');
    put(lake, `${FOLDER}manifest.json`, manifest({ key: 'a.csv' }), 'm1');
    const first = await take(`${FOLDER}manifest.json`, { versionId: 'm1' });
    put(lake, `${FOLDER}a.csv`, csv(50), 'v2');
    put(lake, `${FOLDER}b.csv`, csv(70), 'v1');
    lineage.records.clear();
    expect(await take(`${FOLDER}manifest.json`, { versionId: 'm1' })).toEqual(first);
    put(lake, `${FOLDER}manifest.json`, manifest({ key: 'a.csv' }, { key: 'b.csv' }), 'm2');
    const second = await take(`${FOLDER}manifest.json`, { versionId: 'm2' });
    expect(second.rows.read).toBe(6);
    expect(wholeVersions(lake, lineage).map(({ sources }) => sources.map(({ versionId }) => versionId))).toEqual([
      ['v1'],
      ['v2', 'v1'],
    ]);
  });

  test.each([
    ['a file', 'inbox/flights/a.csv', 'inbox/flights/a.csv'],
    ['a file of a folder', `${FOLDER}a.csv`, `${FOLDER}_SUCCESS`],
    ['a manifest', `${FOLDER}manifest.json`, `${FOLDER}manifest.json`],
  ])('may be deleted before it is read: %s; that is told', async (_, deleted, key) => {
    const { lake, lineage, take } = stage();
    put(lake, `${FOLDER}_SUCCESS`, '');
    put(lake, `${FOLDER}b.csv`, csv(0));
    put(lake, deleted, deleted.endsWith('json') ? manifest({ key: 'b.csv' }) : csv(0));
    const download = lake.download;
    lake.objects.delete(`${key}?gone`);
    lake.download = async (name, path, versionId) => {
      lake.objects.delete(`${deleted}?v1`);
      await download(name, path, versionId);
    };
    if (deleted === key) lake.objects.delete(`${deleted}?v1`);
    const { verdict, summary, datasetVersion } = await take(key);
    expect([verdict, datasetVersion, summary]).toEqual([
      'rejected',
      null,
      expect.stringMatching(/was deleted before it was (taken in|read)/),
    ]);
    expect(lineage.records.size).toBe(0);
  });

  test('is no reason to hide what else goes wrong: an object that may not be read fails the intake', async () => {
    const { lake, take } = stage();
    put(lake, 'inbox/flights/a.csv', csv(0));
    lake.download = async () => {
      throw Object.assign(new Error('denied'), { name: 'AccessDenied' });
    };
    await expect(take('inbox/flights/a.csv')).rejects.toThrow('denied');
  });
});
