import type { FunctionInput, FunctionOutput } from '../../contracts/functions.ts';
import { codeKey, lakePrefix, snapshotKeys } from '../../contracts/keys.ts';
import {
  type DifferenceKind,
  type FrozenFile,
  type RunDetail,
  SnapshotFilesSchema,
} from '../../contracts/reproduction.ts';
import { detailOf } from '../../core/lineage/lineage-record.ts';
import { changedFiles } from '../../core/reproduction/changed-files.ts';
import { verdictOf } from '../../core/reproduction/verdict.ts';
import { jobNameOf } from '../aws/job-name.ts';
import type { Lake } from '../aws/lake.ts';
import { lakeKey } from '../aws/lake-uri.ts';
import type { LineageTable } from '../aws/lineage-table.ts';
import { objectHash } from '../aws/object-hash.ts';
import { notReproducible, runRecord } from '../aws/run-record.ts';

/** What the handler works with. */
export interface VerifyTools {
  readonly platform: string;
  readonly bucket: string;
  readonly lake: Lake;
  readonly lineage: LineageTable;
}

const SNAPSHOT = 'snapshot#';

/**
 * Hashes every file of a run's snapshot and its source bundle again, and holds them to what was recorded when they were frozen; looks
 * whether the model that the run made is still there.
 */
export async function verifyInputs(
  { model, execution, run }: FunctionInput<'verify-inputs'>,
  { platform, bucket, lake, lineage }: VerifyTools,
): Promise<FunctionOutput<'verify-inputs'>> {
  const { record, detail } = await runRecord(model, run, lineage);
  const { snapshotId, files } = await snapshotOf(model, run, record.parents, lineage);
  const keys = snapshotKeys(model, snapshotId);
  const code = lakeKey(detail.codeUri, bucket, lakePrefix.code(model));
  if (code !== codeKey(model, detail.codeHash)) throw notReproducible(run, 'trained from code that was not frozen');

  const recorded = [...files, { key: code, sha256: detail.codeHash, bytes: 0 }];
  const found = new Map<string, string | null>();
  for (const { key } of recorded) found.set(key, await objectHash(lake, key));
  const kindOf = (key: string): DifferenceKind => (key === code ? 'code' : key === keys.config ? 'parameters' : 'data');
  const differences = [...changedFiles(recorded, found, kindOf), ...(await lostArtifact(model, detail, bucket, lake))];

  const folder = (key: string) => `s3://${bucket}/${key.slice(0, key.lastIndexOf('/') + 1)}`;
  const { imageUri, hyperparameters, instanceType } = detail;
  return {
    recipe: { imageUri, hyperparameters, instanceType },
    codeUri: detail.codeUri,
    snapshot: {
      trainUri: folder(keys.train),
      validationUri: folder(keys.validation),
      testUri: folder(keys.testFeatures),
      configUri: folder(keys.config),
      jobName: jobNameOf(platform, model, execution),
    },
    verdict: differences.length === 0 ? null : verdictOf(differences, 0),
  };
}

/** Without the first model there is nothing to compare with, and training again would be for nothing. */
async function lostArtifact(model: string, { artifact, filesHash }: RunDetail, bucket: string, lake: Lake) {
  const there = await lake.exists(lakeKey(artifact, bucket, lakePrefix.training(model)));
  return there ? [] : [{ kind: 'artifact' as const, what: artifact, original: filesHash, again: null }];
}

async function snapshotOf(
  model: string,
  run: string,
  parents: readonly string[],
  lineage: LineageTable,
): Promise<{ readonly snapshotId: string; readonly files: readonly FrozenFile[] }> {
  const sort = parents.find((parent) => parent.startsWith(SNAPSHOT));
  const record = sort === undefined ? undefined : await lineage.get(model, sort);
  if (record === undefined) throw notReproducible(run, 'has no snapshot on record');
  const detail = detailOf(record, SnapshotFilesSchema);
  if (detail === undefined) throw notReproducible(run, 'was made from a snapshot whose files were not recorded');
  return { snapshotId: record.id, files: detail.files };
}
