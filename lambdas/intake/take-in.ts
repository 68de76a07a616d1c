import type { FunctionInput } from '../../contracts/functions.ts';
import type { TakenIntake } from '../../contracts/intake-steps.ts';
import { inboxPrefix, intakeReportKey, quarantineKey } from '../../contracts/keys.ts';
import type { IntakeInput } from '../../contracts/machines.ts';
import { ModelwayError } from '../../contracts/problems.ts';
import { openDuck } from '../../core/duckdb.ts';
import { refusedFile } from '../../core/intake/refused-file.ts';
import { reportHtml } from '../../core/intake/report-html.ts';
import { summarise } from '../../core/intake/summarise.ts';
import type { ValidatedFile } from '../../core/intake/validate-file.ts';
import type { Lake } from '../aws/lake.ts';
import { inScratchFolder } from '../aws/scratch-folder.ts';
import { versionToCompare } from './content-profile.ts';
import { type BegunIntake, freezeIntake } from './freeze-intake.ts';
import type { IntakePlace, IntakeTools, TakenUpload } from './intake-tools.ts';
import { isDiskFull, MOST_UPLOAD_BYTES } from './limits.ts';
import { registerVersion } from './register-version.ts';
import { takeFile, takeFolder } from './validate-upload.ts';

/**
 * Validates one upload, a file or a folder, and registers what was accepted. The record of the dataset version is written last, so that
 * a version that can be found is complete; doing it all again gives the same version.
 * @throws IncompleteUpload while files that a manifest names may still come
 */
export async function takeIn(input: FunctionInput<'intake'>, tools: IntakeTools): Promise<TakenIntake> {
  const { model, execution } = input;
  const begun = await freezeIntake(input, tools);
  return inScratchFolder(async (folder) => {
    const duck = await openDuck({ folder });
    try {
      const { validated, sources } = await withinDisk(input, begun, { ...tools, folder, duck });
      const summary = `${validated.report.file}: ${summarise(validated)}`;
      const reportKey = await writeReports(model.name, execution, validated, summary, tools.lake);
      const { accepted: content, report } = validated;
      const { previous: comparedWith } = begun.frozen;
      const datasetVersion =
        content === null
          ? null
          : await registerVersion({ model, execution, content, sources, comparedWith, duck }, tools);
      return { outcome: 'taken', verdict: report.verdict, datasetVersion, rows: report.rows, reportKey, summary };
    } finally {
      duck.close();
    }
  });
}

/** An upload that is too large for the disk is refused: tried again it would be no smaller. */
async function withinDisk(
  { model, upload }: FunctionInput<'intake'>,
  { frozen, manifest }: BegunIntake,
  place: IntakePlace,
): Promise<TakenUpload> {
  const inbox = inboxPrefix(model.name);
  const name = (frozen.folder ?? upload.key).slice(inbox.length);
  const refused = (message: string): TakenUpload => ({
    validated: refusedFile(name, { rule: 'too-large', message }),
    sources: [],
  });
  const bytes = frozen.files.reduce((sum, { size }) => sum + size, 0);
  if (bytes > MOST_UPLOAD_BYTES)
    return refused(`has ${bytes} bytes; one upload has at most ${MOST_UPLOAD_BYTES}, so upload it in several`);
  if (frozen.problem !== null)
    return { validated: refusedFile(name, { rule: 'manifest', message: frozen.problem }), sources: [] };
  try {
    const previous = await versionToCompare(model, frozen.previous, place);
    const request = { model, name, now: new Date(upload.uploadedAt), ...(previous === undefined ? {} : { previous }) };
    if (frozen.folder === null) return await takeFile(request, upload, place);
    const { bucket } = upload;
    const { files } = frozen;
    const given = { bucket, folder: frozen.folder, files, ...(manifest === undefined ? {} : { manifest }) };
    return await takeFolder(request, given, place);
  } catch (error) {
    if (isDiskFull(error))
      return refused('fills the disk with its rows and what was wrong with them; upload it in several');
    throw error;
  }
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
