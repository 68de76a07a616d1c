import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { FileReportSchema } from '../../../contracts/findings.ts';
import { MOST_UPLOAD_BYTES } from '../../../lambdas/intake/limits.ts';
import { takeIn } from '../../../lambdas/intake/take-in.ts';
import { flightsModel } from '../flights-model.ts';
import { memoryLake } from '../memory-lake.ts';
import { memoryLineage } from '../memory-lineage.ts';
import { intakeTools, put, request } from './intake-stage.ts';

const HEADER = 'departs,distance,earlier,origin,late\n';
const GOOD = `${HEADER}2001-01-01T00:00:00Z,1,,SFO,true\n2001-01-02T00:00:00Z,2,,LAX,false\n`;
const FOLDER = 'inbox/flights/2001/';

function stage() {
  const [lake, lineage] = [memoryLake(), memoryLineage()];
  const tools = intakeTools(lake, lineage);
  const take = async (key: string) => {
    const result = await takeIn(request(flightsModel(), key), tools);
    const report = FileReportSchema.parse(JSON.parse(lake.text(result.reportKey)));
    const [first] = report.findings;
    return { ...result, rule: first?.rule, message: first?.message };
  };
  return { lake, lineage, tools, take };
}

describe.each(['ENOSPC', 'IO Error: failed to offload data block of size 32.0 MiB', 'No space left on device'])(
  'a disk that is full (%s)',
  (said) => {
    test('refuses the upload, which would be no smaller if it were tried again', async () => {
      const { lake, lineage, take } = stage();
      put(lake, 'inbox/flights/a.csv', GOOD);
      lake.download = async () => {
        throw said === 'ENOSPC' ? Object.assign(new Error('write'), { code: said }) : new Error(said);
      };
      expect(await take('inbox/flights/a.csv')).toMatchObject({
        verdict: 'rejected',
        datasetVersion: null,
        rule: 'too-large',
      });
      expect(lineage.records.size).toBe(0);
    });
  },
);

test('an upload larger than the disk is refused without being read', async () => {
  const { lake, tools } = stage();
  put(lake, 'inbox/flights/a.csv', GOOD);
  lake.download = async () => {
    throw new Error('nobody asked for it');
  };
  const asked = request(flightsModel(), 'inbox/flights/a.csv');
  const upload = { ...asked.upload, size: MOST_UPLOAD_BYTES + 1 };
  expect(await takeIn({ ...asked, upload }, tools)).toMatchObject({
    verdict: 'rejected',
    summary: expect.stringContaining(`at most ${MOST_UPLOAD_BYTES}`),
  });
});

test('content that unpacks without end is refused while it streams', async () => {
  const { lake, take } = stage();
  put(lake, 'inbox/flights/a.csv.gz', gzipSync(Buffer.concat([Buffer.from(HEADER), Buffer.alloc(72 * 2 ** 20, 'a')])));
  expect(await take('inbox/flights/a.csv.gz')).toMatchObject({ verdict: 'rejected', rule: 'too-large' });
});

test.each([
  ['a pickle', Buffer.from([0x80, 0x04, 0x95, 0x10, 0, 0, 0, 0, 0, 0, 0, 0x8c, 0x05]), 'unreadable'],
  ['an archive', 'PK\u0003\u0004', 'unreadable'],
  ['Parquet that was cut off', Buffer.concat([Buffer.from('PAR1'), Buffer.alloc(500, 7)]), 'unreadable'],
  ['not UTF-8', Buffer.concat([Buffer.from(HEADER), Buffer.from([0x32, 0xe9, 0x0a])]), 'encoding'],
  ['nothing', '', 'no-rows'],
  ['a header alone', HEADER, 'no-rows'],
  ['prototypes', '__proto__,constructor\n1,2\n', 'missing-column'],
  ['no such columns', 'a\n1\n', 'missing-column'],
] as const)('%s is refused with a report', async (_, content, rule) => {
  const { lake, lineage, take } = stage();
  put(lake, 'inbox/flights/a', content);
  expect(await take('inbox/flights/a')).toMatchObject({ verdict: 'rejected', datasetVersion: null, rule });
  expect(lineage.records.size).toBe(0);
});

describe('a folder', () => {
  test('whose manifest is hostile is refused with what is wrong with it', async () => {
    for (const [text, message] of [
      ['{"files":[{"key":"../../flights-secret/a.csv"}]}', /path inside the folder/],
      [`{"files":${'['.repeat(100_000)}`, /is not JSON/],
      ['{"__proto__":{"files":[]},"files":[{"key":"a.csv"}],"x":1}', /unrecognized/i],
    ] as const) {
      const { lake, take } = stage();
      put(lake, `${FOLDER}a.csv`, GOOD);
      put(lake, `${FOLDER}manifest.json`, text);
      const { verdict, rule, message: said } = await take(`${FOLDER}manifest.json`);
      expect([verdict, rule, said]).toEqual(['rejected', 'manifest', expect.stringMatching(message)]);
    }
  });

  test('whose manifest is larger than any manifest is refused without reading it', async () => {
    const { lake, tools } = stage();
    put(lake, `${FOLDER}a.csv`, GOOD);
    put(lake, `${FOLDER}manifest.json`, '{}');
    const asked = request(flightsModel(), `${FOLDER}manifest.json`);
    const upload = { ...asked.upload, size: 2 ** 30 };
    expect(await takeIn({ ...asked, upload }, tools)).toMatchObject({
      verdict: 'rejected',
      summary: expect.stringContaining('bytes, more than'),
    });
  });

  test('of names that lead elsewhere writes nothing there', async () => {
    const { lake, take } = stage();
    put(lake, `${FOLDER}../../../../etc/x.csv`, GOOD);
    put(lake, `${FOLDER}_SUCCESS`, '');
    const { verdict } = await take(`${FOLDER}_SUCCESS`);
    expect(verdict).toBe('rejected');
    expect(lake.writes.every((key) => /^(intake|reports|quarantine|datasets)\/flights\//.test(key))).toBe(true);
  });
});
