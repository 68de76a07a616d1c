import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { FUNCTIONS } from '../../../contracts/functions.ts';
import { snapshotKeys } from '../../../contracts/keys.ts';
import { BaselineSchema } from '../../../contracts/profile.ts';
import { SnapshotFilesSchema } from '../../../contracts/reproduction.ts';
import { InstanceSchema, TrainingConfigSchema } from '../../../contracts/serving.ts';
import { jobNameOf } from '../../../lambdas/aws/job-name.ts';
import { takeIn } from '../../../lambdas/intake/take-in.ts';
import { takeSnapshot } from '../../../lambdas/snapshot/take-snapshot.ts';
import { flightsModel } from '../flights-model.ts';
import { intakeTools } from '../intake/intake-stage.ts';
import { memoryLake } from '../memory-lake.ts';
import { memoryLineage } from '../memory-lineage.ts';

const NOW = new Date('2001-03-01T00:00:00Z');
const model = flightsModel();

/** A lake into which months of flights were taken. */
async function lakeWith(...months: readonly number[]) {
  const [lake, lineage] = [memoryLake(), memoryLineage()];
  const versions: string[] = [];
  for (const month of months) {
    const rows = Array.from({ length: 100 }, (_, index) => {
      const at = new Date(Date.UTC(2001, month, 1 + (index % 28), index % 24)).toISOString();
      return `${at},${month * 1000 + index},${index % 5 === 0 ? '' : index},${['SFO', 'LAX'][index % 2]},${index % 3 === 0}`;
    });
    const key = `inbox/flights/${month}.csv`;
    lake.objects.set(`${key}?v`, Buffer.from(`departs,distance,earlier,origin,late\n${rows.join('\n')}\n`));
    const upload = { bucket: 'lake', key, versionId: 'v', size: 1, etag: 'x', uploadedAt: NOW.toISOString() };
    const { datasetVersion } = await takeIn(
      { model, execution: `e${month}`, upload },
      intakeTools(lake, lineage, { now: NOW }),
    );
    if (datasetVersion !== null) versions.push(datasetVersion);
  }
  lake.objects.set('code/flights/bundle.tar.gz', Buffer.from('a bundle'));
  const take = (
    execution: string,
    datasetVersions: readonly string[] = versions,
    codeUri = 's3://lake/code/flights/bundle.tar.gz',
  ) =>
    takeSnapshot(
      { model, execution, datasetVersions: [...datasetVersions], codeUri },
      { platform: 'acme', bucket: 'lake', lake, lineage, now: () => NOW },
    );
  return { lake, lineage, versions, take };
}

test('a snapshot lies where the training job, the batch jobs and the gates look for it', async () => {
  const { lake, lineage, versions, take } = await lakeWith(0, 1);
  const result = await take('run-1');
  expect(FUNCTIONS.snapshot.output.parse(result)).toEqual(result);
  expect(result.rows).toEqual({ train: 140, validation: 20, test: 40 });
  const keys = snapshotKeys('flights', result.snapshotId);
  expect(result.trainUri).toBe(`s3://lake/snapshots/flights/${result.snapshotId}/train/`);
  for (const key of [keys.train, keys.validation])
    expect(
      Buffer.from(lake.objects.get(key) ?? [])
        .subarray(0, 4)
        .toString(),
    ).toBe('PAR1');
  const features = lake
    .text(keys.testFeatures)
    .trimEnd()
    .split('\n')
    .map((line) => InstanceSchema.parse(JSON.parse(line)));
  expect(features).toHaveLength(40);
  expect(Object.keys(features[0] ?? {})).toEqual(['departs', 'distance', 'earlier', 'origin']);
  expect(lake.text(keys.testLabels).trimEnd().split('\n')).toHaveLength(40);
  expect(TrainingConfigSchema.parse(JSON.parse(lake.text(keys.config)))).toMatchObject({
    model: 'flights',
    target: 'late',
  });
  expect(BaselineSchema.parse(JSON.parse(lake.text(keys.baseline))).profile.rows).toBe(140);
  expect(JSON.parse(lake.text(keys.manifest))).toMatchObject({
    datasetVersions: versions.toSorted(),
    rule: { kind: 'time' },
    checked: { entities: null, repeatedRows: 0 },
  });
  expect(await lineage.get('flights', `snapshot#${result.snapshotId}`)).toMatchObject({
    parents: versions.toSorted().map((version) => `dataset#${version}`),
  });
  expect(result.championModelName).toBeNull();
});

test('nothing of the test set is in the folders of the other sets', async () => {
  const { lake, take } = await lakeWith(0);
  const { snapshotId, testUri, trainUri } = await take('run-1');
  const below = (uri: string) =>
    [...lake.objects.keys()].filter((key) => key.startsWith(uri.replace('s3://lake/', '')));
  expect(below(trainUri)).toEqual([snapshotKeys('flights', snapshotId).train]);
  expect(below(testUri)).toEqual([snapshotKeys('flights', snapshotId).testFeatures]);
});

test('the same inputs give the same snapshot, made once; every run has its own job name', async () => {
  const { lake, take } = await lakeWith(0);
  const first = await take('run-1');
  lake.writes.length = 0;
  const second = await take('run-2', undefined, first.codeUri);
  expect(second).toEqual({ ...first, jobName: second.jobName });
  expect(second.jobName).not.toBe(first.jobName);
  expect(lake.writes).toEqual([]);
});

test('the same dataset versions in any order, and named twice, give the same snapshot, byte for byte', async () => {
  const stored = async (order: (versions: readonly string[]) => readonly string[]) => {
    const { lake, versions, take } = await lakeWith(0, 1, 2);
    const { snapshotId } = await take('run-1', order(versions));
    const below = [...lake.objects].filter(([key]) => key.startsWith(`snapshots/flights/${snapshotId}/`));
    return {
      snapshotId,
      files: below.map(([key, bytes]) => [key, createHash('sha256').update(bytes).digest('hex')]).sort(),
    };
  };
  const first = await stored((versions) => versions);
  expect(first.files.length).toBeGreaterThan(5);
  expect(await stored((versions) => versions.toReversed())).toEqual(first);
  expect(await stored(([a = '', b = '', c = '']) => [b, c, a, b])).toEqual(first);
});

test('code is frozen below the name of its content, whatever it was called', async () => {
  const { lake, take } = await lakeWith(0);
  const { codeUri, codeHash } = await take('run-1');
  expect(codeHash).toBe(createHash('sha256').update('a bundle').digest('hex'));
  expect(codeUri).toBe(`s3://lake/code/flights/${codeHash}.tar.gz`);
  expect(lake.text(`code/flights/${codeHash}.tar.gz`)).toBe('a bundle');
});

test.each(['s3://assets/code.tar.gz', 's3://lake/code/other/x.tar.gz', 's3://lake/code/flights/'])(
  'code at %s is none of the model’s and is refused',
  async (codeUri) => {
    const { take } = await lakeWith(0);
    await expect(take('run-1', undefined, codeUri)).rejects.toThrow(/foreign-object.*code\/flights\//);
  },
);

test('the record of a snapshot holds the SHA-256 and size of every file', async () => {
  const { lake, lineage, take } = await lakeWith(0);
  const { snapshotId } = await take('run-1');
  const record = await lineage.get('flights', `snapshot#${snapshotId}`);
  const { files } = SnapshotFilesSchema.parse(JSON.parse(record?.detail ?? ''));
  const { manifest, ...frozen } = snapshotKeys('flights', snapshotId);
  expect(files.map(({ key }) => key).sort()).toEqual(Object.values(frozen).sort());
  for (const { key, sha256, bytes } of files) {
    const stored = lake.objects.get(key) ?? new Uint8Array();
    expect([key, sha256, bytes]).toEqual([key, createHash('sha256').update(stored).digest('hex'), stored.length]);
  }
  expect(JSON.parse(lake.text(manifest))).toMatchObject({ files });
});

test('a snapshot whose making was interrupted is made again', async () => {
  const { lake, lineage, take } = await lakeWith(0);
  const whole = await take('run-1');
  lineage.records.delete(`model#flights|snapshot#${whole.snapshotId}`);
  lake.objects.delete(snapshotKeys('flights', whole.snapshotId).baseline);
  expect(await take('run-1')).toEqual(whole);
  expect(lake.objects.has(snapshotKeys('flights', whole.snapshotId).baseline)).toBe(true);
});

test('the champion is the model that serves now', async () => {
  const { lineage, take } = await lakeWith(0);
  await lineage.setLive(
    'flights',
    { packageArn: 'p', modelName: 'acme-flights-1', endpointConfigName: 'c', runId: 'r', since: NOW.toISOString() },
    null,
  );
  expect((await take('run-1')).championModelName).toBe('acme-flights-1');
});

test('a version that is unknown or of another schema is refused by name', async () => {
  const { lineage, versions, take } = await lakeWith(0);
  await expect(take('run-1', [...versions, 'nobody'])).rejects.toThrow(
    /unusable-dataset-version.*no such dataset version.*nobody/,
  );
  const [record] = lineage.records.values();
  if (record !== undefined)
    lineage.records.set('model#flights|dataset#old', {
      ...record,
      id: 'old',
      sk: 'dataset#old',
      detail: record.detail.replace(/"schemaHash":"[^"]*"/, '"schemaHash":"before"'),
    });
  await expect(take('run-1', ['old'])).rejects.toThrow(/another schema.*old/);
});

test('job names keep to SageMaker’s alphabet and leave room for what the machine appends', () => {
  const name = jobNameOf('acme', 'flights', 'b7e9.odd_Name');
  expect(name).toMatch(/^acme-flights-[0-9a-f]{16}$/);
  expect(jobNameOf('acme', 'flights', 'b7e9.odd_Name')).toBe(name);
  expect(jobNameOf('x'.repeat(18), 'y'.repeat(18), 'e').length).toBeLessThanOrEqual(54);
});
