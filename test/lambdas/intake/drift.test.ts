import { expect, test } from 'vitest';
import { FileReportSchema } from '../../../contracts/findings.ts';
import { BaselineSchema } from '../../../contracts/profile.ts';
import { seededRandom } from '../../../core/statistics/random.ts';
import { getPacked } from '../../../lambdas/aws/packed-json.ts';
import { takeIn } from '../../../lambdas/intake/take-in.ts';
import { flightsModel } from '../flights-model.ts';
import { memoryLake } from '../memory-lake.ts';
import { memoryLineage } from '../memory-lineage.ts';
import { intakeTools, put, request, wholeVersions } from './intake-stage.ts';

/** Three weeks of flights whose distances are longer by so much. */
function weeks(seed: number, longer: number): string {
  const random = seededRandom(seed);
  const rows = Array.from({ length: 3000 }, (_, index) => {
    const day = String(1 + (index % 21)).padStart(2, '0');
    const hour = String(Math.floor(random() * 24)).padStart(2, '0');
    const place = random() < 0.5 ? 'SFO' : 'LAX';
    return `2001-01-${day}T${hour}:00:00Z,${(500 + 300 * random() + longer).toFixed(1)},${(random() * 50).toFixed(1)},${place},${random() < 0.3}\n`;
  });
  return `departs,distance,earlier,origin,late\n${rows.join('')}`;
}

function stage() {
  const [lake, lineage] = [memoryLake(), memoryLineage()];
  let minute = 0;
  const take = async (name: string, content: string, given = flightsModel()) => {
    put(lake, `inbox/flights/${name}`, content);
    const tools = intakeTools(lake, lineage, { now: new Date(Date.UTC(2001, 1, 3, 5, minute++)) });
    const result = await takeIn(request(given, `inbox/flights/${name}`, { execution: name }), tools);
    const report = FileReportSchema.parse(JSON.parse(lake.text(result.reportKey)));
    const drifts = report.findings.filter(({ rule }) => rule === 'drift');
    return { ...result, report, drifts };
  };
  const versions = () => wholeVersions(lake, lineage);
  const compared = (name: string) =>
    versions().find(({ sources }) => sources[0]?.key === `inbox/flights/${name}`)?.comparedWith;
  return { lake, lineage, take, versions, compared };
}

test('a file is compared with the version that was accepted last, and what moved is told in words', async () => {
  const { take, compared } = stage();
  const first = await take('first.csv', weeks(1, 0));
  expect(first.drifts).toEqual([]);
  const second = await take('second.csv', weeks(2, 0));
  expect([second.drifts, compared('second.csv')]).toEqual([[], first.datasetVersion]);
  const third = await take('third.csv', weeks(3, 400));
  expect([third.verdict, compared('third.csv')]).toEqual(['accepted', second.datasetVersion]);
  expect(third.drifts).toMatchObject([{ severity: 'warn', column: 'distance', row: null }]);
  // The means of the numbers drawn: 650 before, 1050 after.
  expect(third.drifts[0]?.message).toMatch(/^differs from the last accepted version: .*6[45]\d.* to .*10[45]\d/);
  const fourth = await take('fourth.csv', weeks(4, 400));
  expect([fourth.drifts, compared('fourth.csv')]).toEqual([[], third.datasetVersion]);
});

test('a file that is taken in again is compared with what it was compared with before', async () => {
  const { lineage, take } = stage();
  await take('first.csv', weeks(1, 0));
  const before = await take('second.csv', weeks(3, 400));
  await take('third.csv', weeks(4, 400));
  for (const [name, { id }] of lineage.records) if (id === before.datasetVersion) lineage.records.delete(name);
  const again = await take('second.csv', weeks(3, 400));
  expect(again.report).toEqual(before.report);
  expect(again.drifts.length).toBe(1);
});

test('the profile of all accepted rows is kept with the version', async () => {
  const { lake, take, versions } = stage();
  await take('first.csv', weeks(1, 0));
  const [version] = versions();
  const baseline = await getPacked(lake, version?.profile ?? '', BaselineSchema);
  expect([baseline.profile.rows, baseline.days.length]).toEqual([3000, 21]);
  expect(Object.keys(baseline.profile.features)).toEqual(['departs.hour', 'distance', 'earlier', 'origin']);
});

test('files are not compared across schemas, nor with what was refused or held back', async () => {
  const { take, compared } = stage();
  const first = await take('first.csv', weeks(1, 0));
  await take('refused.csv', 'nothing');
  await take('held.csv', weeks(2, -10_000));
  await take('second.csv', weeks(3, 0));
  expect(compared('second.csv')).toBe(first.datasetVersion);
  const model = flightsModel();
  const other = { ...model, data: { ...model.data, minimumRows: 2 } };
  await take('other.csv', weeks(5, 400), other);
  expect(compared('other.csv')).toBeUndefined();
});

test('a drift refuses the file where the schema says so, and the next is compared with the last that was accepted', async () => {
  const { take, compared } = stage();
  const model = flightsModel();
  const strict = { ...model, data: { ...model.data, severities: { drift: 'reject' as const } } };
  const first = await take('first.csv', weeks(1, 0), strict);
  expect(await take('moved.csv', weeks(2, 400), strict)).toMatchObject({ verdict: 'rejected', datasetVersion: null });
  await take('second.csv', weeks(3, 0), strict);
  expect(compared('second.csv')).toBe(first.datasetVersion);
});

test('rows of a time after the upload are told', async () => {
  const { take } = stage();
  const { report } = await take('future.csv', `${weeks(1, 0)}2001-02-05T00:00:00Z,600,3,SFO,true\n`);
  expect(report.findings.map(({ rule, row }) => [rule, row])).toEqual([['implausible-time', 3001]]);
});
