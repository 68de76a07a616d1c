import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { FunctionInput, FunctionOutput } from '../../contracts/functions.ts';
import { snapshotKeys } from '../../contracts/keys.ts';
import type { ModelConfig } from '../../contracts/model-config.ts';
import { ModelwayError } from '../../contracts/problems.ts';
import { type DatasetDetail, DatasetDetailSchema, recordSort } from '../../contracts/records.ts';
import type { FrozenFile } from '../../contracts/reproduction.ts';
import { openDuck } from '../../core/duckdb.ts';
import { schemaHash } from '../../core/intake/stored-columns.ts';
import { sha256 } from '../../core/lineage/canonical-json.ts';
import { fileSha256 } from '../../core/lineage/file-hash.ts';
import { detailOf, lineageRecord } from '../../core/lineage/lineage-record.ts';
import { baselineOfTable } from '../../core/profile/baseline-of-table.ts';
import { storedTable } from '../../core/profile/stored-table.ts';
import { type FrozenSnapshot, freezeSnapshot } from '../../core/snapshot/freeze-snapshot.ts';
import { snapshotId, trainingConfig } from '../../core/snapshot/snapshot-id.ts';
import { jobNameOf } from '../aws/job-name.ts';
import type { Lake } from '../aws/lake.ts';
import type { LineageTable } from '../aws/lineage-table.ts';
import { putOnce } from '../aws/put-once.ts';
import { inScratchFolder } from '../aws/scratch-folder.ts';
import { freezeCode } from './freeze-code.ts';

/** What the handler works with. */
export interface SnapshotTools {
  readonly platform: string;
  readonly bucket: string;
  readonly lake: Lake;
  readonly lineage: LineageTable;
  readonly now: () => Date;
}

const RowsSchema = z.object({ train: z.int(), validation: z.int(), test: z.int() });

/**
 * Freezes the sets of a run. A snapshot is named by what it follows from and its record is written last, so one that can be found is
 * complete and is not made again.
 */
export async function takeSnapshot(
  { model, execution, datasetVersions: asked, codeUri }: FunctionInput<'snapshot'>,
  tools: SnapshotTools,
): Promise<FunctionOutput<'snapshot'>> {
  const { platform, bucket, lineage } = tools;
  // The same versions in whatever order, and however often, are the same data: the same rows in the same order, byte for byte.
  const datasetVersions = [...new Set(asked)].sort();
  const id = snapshotId(model, datasetVersions);
  const jobName = jobNameOf(platform, model.name, execution);
  const code = await freezeCode(codeUri, model.name, tools);
  const known = await lineage.get(model.name, recordSort('snapshot', id));
  const rows =
    (known === undefined ? undefined : detailOf(known, z.object({ rows: RowsSchema }))?.rows) ??
    (await freeze(id, model, datasetVersions, tools));
  const keys = snapshotKeys(model.name, id);
  const folder = (key: string) => `s3://${bucket}/${key.slice(0, key.lastIndexOf('/') + 1)}`;
  return {
    snapshotId: id,
    trainUri: folder(keys.train),
    validationUri: folder(keys.validation),
    testUri: folder(keys.testFeatures),
    configUri: folder(keys.config),
    rows,
    jobName,
    championModelName: (await lineage.live(model.name))?.modelName ?? null,
    ...code,
  };
}

async function freeze(id: string, model: ModelConfig, versions: readonly string[], tools: SnapshotTools) {
  const { lake, lineage, now } = tools;
  const datasets = await Promise.all(versions.map((version) => datasetOf(model, version, lineage)));
  return inScratchFolder(async (folder) => {
    const duck = await openDuck({ folder });
    try {
      const parts = await download(datasets, folder, lake);
      const snapshot = await freezeSnapshot(model, parts, folder, duck);
      const trained = { paths: [snapshot.paths.train], rows: snapshot.rows.train };
      const baseline = await baselineOfTable(model, storedTable(model.data, trained, duck));
      const detail = {
        snapshotId: id,
        datasetVersions: versions,
        rule: snapshot.rule,
        rows: snapshot.rows,
        leftOut: snapshot.leftOut,
        checked: snapshot.checked,
        files: await upload(id, model, snapshot, baseline, lake),
      };
      await lake.putText(snapshotKeys(model.name, id).manifest, JSON.stringify(detail), 'application/json');
      const parents = versions.map((version) => recordSort('dataset', version));
      const at = now().toISOString();
      const record = lineageRecord({ model: model.name, kind: 'snapshot', id, at, parents, detail });
      await putOnce(lineage, model.name, record);
      return { ...snapshot.rows };
    } finally {
      duck.close();
    }
  });
}

/** Uploads the files of a snapshot; returns them with the hashes that reproduction holds them to. */
async function upload(
  id: string,
  model: ModelConfig,
  { paths }: FrozenSnapshot,
  baseline: unknown,
  lake: Lake,
): Promise<readonly FrozenFile[]> {
  const keys = snapshotKeys(model.name, id);
  const file = async (key: string, path: string, contentType: string): Promise<FrozenFile> => {
    await lake.putFile(key, path, contentType);
    return { key, sha256: await fileSha256(path), bytes: (await stat(path)).size };
  };
  const json = async (key: string, value: unknown): Promise<FrozenFile> => {
    const text = JSON.stringify(value);
    await lake.putText(key, text, 'application/json');
    return { key, sha256: sha256(text), bytes: Buffer.byteLength(text) };
  };
  return [
    await file(keys.train, paths.train, 'application/vnd.apache.parquet'),
    await file(keys.validation, paths.validation, 'application/vnd.apache.parquet'),
    await file(keys.testFeatures, paths.testFeatures, 'application/jsonlines'),
    await file(keys.testLabels, paths.testLabels, 'application/jsonlines'),
    await json(keys.config, trainingConfig(model)),
    await json(keys.baseline, baseline),
  ];
}

/** @throws ModelwayError when the version is not registered, or its columns are not the model's present ones */
async function datasetOf(model: ModelConfig, version: string, lineage: LineageTable): Promise<DatasetDetail> {
  const record = await lineage.get(model.name, recordSort('dataset', version));
  const detail = record === undefined ? undefined : detailOf(record, DatasetDetailSchema);
  const problem = (message: string, fix: string) =>
    new ModelwayError('unusable-dataset-version', 'input', [{ path: 'datasetVersions', message, got: version, fix }]);
  if (detail === undefined)
    throw problem('no such dataset version', `see the versions of ${model.name} with modelway status`);
  if (detail.schemaHash !== schemaHash(model.data))
    throw problem('was taken in with another schema than the model has now', 'upload its file again');
  return detail;
}

async function download(datasets: readonly DatasetDetail[], folder: string, lake: Lake): Promise<readonly string[]> {
  const paths: string[] = [];
  for (const key of datasets.flatMap(({ parts }) => parts)) {
    const path = join(folder, `input-${String(paths.length).padStart(5, '0')}.parquet`);
    await lake.download(key, path);
    paths.push(path);
  }
  return paths;
}
