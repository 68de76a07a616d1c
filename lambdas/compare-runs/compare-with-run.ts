import type { FunctionInput, FunctionOutput } from '../../contracts/functions.ts';
import { lakePrefix } from '../../contracts/keys.ts';
import type { DifferenceKind } from '../../contracts/reproduction.ts';
import { compareRuns } from '../../core/reproduction/compare-runs.ts';
import { ENVIRONMENT_FILE } from '../../core/reproduction/environment.ts';
import { readArchive } from '../../core/reproduction/read-archive.ts';
import type { Lake } from '../aws/lake.ts';
import { lakeKey } from '../aws/lake-uri.ts';
import type { LineageTable } from '../aws/lineage-table.ts';
import { runRecord } from '../aws/run-record.ts';

/** What the handler works with. */
export interface CompareTools {
  readonly bucket: string;
  readonly lake: Lake;
  readonly lineage: LineageTable;
}

/** Reads both models as streams, one after the other, and says what differs. Nothing is unpacked onto a disk. */
export async function compareWithRun(
  { model, run, artifact, recipe }: FunctionInput<'compare-runs'>,
  { bucket, lake, lineage }: CompareTools,
): Promise<FunctionOutput<'compare-runs'>> {
  const { detail } = await runRecord(model, run, lineage);
  const read = (uri: string) =>
    readArchive(lake.stream(lakeKey(uri, bucket, lakePrefix.training(model))), [ENVIRONMENT_FILE]);
  const original = await read(detail.artifact);
  const verdict = compareRuns({ recorded: detail, original, recipe, again: await read(artifact) });
  const differs = (kind: DifferenceKind) => verdict.differed.some((difference) => difference.kind === kind);
  // What somebody changed since says nothing about the model that the run made.
  return { verdict, comparePredictions: differs('model') && !differs('artifact'), original: detail.artifact };
}
