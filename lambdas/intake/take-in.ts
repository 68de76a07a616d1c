import { join } from 'node:path';
import type { FunctionInput, FunctionOutput } from '../../contracts/functions.ts';
import { datasetPartKey, inboxPrefix, intakeReportKey, quarantineKey } from '../../contracts/keys.ts';
import type { IntakeInput } from '../../contracts/machines.ts';
import { ModelwayError } from '../../contracts/problems.ts';
import { type DatasetDetail, recordSort } from '../../contracts/records.ts';
import { openDuck } from '../../core/duckdb.ts';
import { reportHtml } from '../../core/intake/report-html.ts';
import { schemaHash } from '../../core/intake/stored-columns.ts';
import { summarise } from '../../core/intake/summarise.ts';
import { type AcceptedContent, type ValidatedFile, validateFile } from '../../core/intake/validate-file.ts';
import { fileSha256 } from '../../core/lineage/file-hash.ts';
import { lineageRecord } from '../../core/lineage/lineage-record.ts';
import type { Lake } from '../aws/lake.ts';
import type { LineageTable } from '../aws/lineage-table.ts';
import { inScratchFolder } from '../aws/scratch-folder.ts';

/** What the handler works with. */
export interface IntakeTools {
  readonly lake: Lake;
  readonly lineage: LineageTable;
  readonly now: () => Date;
}

/**
 * Validates one object version and registers what was accepted. The record of the dataset version is written last, so that a
 * version that can be found is complete; doing it all again gives the same version.
 */
export async function takeIn(input: FunctionInput<'intake'>, tools: IntakeTools): Promise<FunctionOutput<'intake'>> {
  const { model, execution, upload } = input;
  return inScratchFolder(async (folder) => {
    const path = join(folder, 'upload');
    await tools.lake.download(upload.key, path, upload.versionId);
    const duck = await openDuck({ folder });
    try {
      const name = upload.key.slice(inboxPrefix(model.name).length);
      const { data: schema, maxQuarantinedShare } = model;
      const validated = await validateFile({ schema, maxQuarantinedShare, path, name, folder, duck });
      const summary = `${name}: ${summarise(validated)}`;
      const reportKey = await writeReports(model.name, execution, validated, summary, tools.lake);
      const { accepted, report } = validated;
      const datasetVersion =
        accepted === null ? null : await register(input, accepted, await fileSha256(path), report.rows.read, tools);
      return { verdict: report.verdict, datasetVersion, rows: report.rows, reportKey, summary };
    } finally {
      duck.close();
    }
  });
}

async function writeReports(model: string, execution: string, validated: ValidatedFile, summary: string, lake: Lake) {
  const { report, quarantinePath } = validated;
  if (quarantinePath !== null)
    await lake.putFile(quarantineKey(model, execution), quarantinePath, 'application/jsonlines');
  await lake.putText(
    intakeReportKey(model, execution, 'html'),
    reportHtml(report, summary),
    'text/html; charset=utf-8',
  );
  const key = intakeReportKey(model, execution, 'json');
  await lake.putText(key, JSON.stringify(report, null, 2), 'application/json');
  return key;
}

/** Registers the accepted rows as a dataset version, named by their hash; the same rows are never registered twice. */
async function register(
  { model, execution, upload }: FunctionInput<'intake'>,
  accepted: AcceptedContent,
  sha256: string,
  rowsRead: number,
  { lake, lineage, now }: IntakeTools,
): Promise<string> {
  const version = accepted.contentHash.slice(0, 32);
  const sort = recordSort('dataset', version);
  if ((await lineage.get(model.name, sort)) !== undefined) return version;
  const parts: string[] = [];
  for (const [index, part] of accepted.parts.entries()) {
    const key = datasetPartKey(model.name, version, index);
    await lake.putFile(key, part.path, 'application/vnd.apache.parquet');
    parts.push(key);
  }
  const detail: DatasetDetail = {
    version,
    parts,
    rows: accepted.rows,
    schemaHash: schemaHash(model.data),
    sources: [{ bucket: upload.bucket, key: upload.key, versionId: upload.versionId, sha256, rows: rowsRead }],
    ...(accepted.from === undefined ? {} : { from: accepted.from }),
    ...(accepted.to === undefined ? {} : { to: accepted.to }),
  };
  const parents = [recordSort('intake', execution)];
  const at = now().toISOString();
  await lineage.put(lineageRecord({ model: model.name, kind: 'dataset', id: version, at, parents, detail }));
  return version;
}

/** The lake a machine's upload must lie in; anything else is a mistake of whoever started it. */
export function requireLake(upload: IntakeInput, bucket: string): void {
  if (upload.bucket !== bucket)
    throw new ModelwayError('foreign-bucket', 'input', [
      {
        path: 'upload.bucket',
        message: `intake reads uploads of ${bucket} only`,
        got: upload.bucket,
        fix: 'copy the file below inbox/<model>/ of that bucket',
      },
    ]);
}
