import { mkdtemp, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { DataSchema } from '../../contracts/data-schema.ts';
import type { FileReport, ValidateDocument } from '../../contracts/findings.ts';
import { type ValidatedFile, validateFile } from '../../core/intake/validate-file.ts';
import { flag } from '../arguments.ts';
import type { Arguments } from '../command.ts';
import type { ExitCode, Io } from '../io.ts';
import { withDuck } from '../with-duck.ts';
import { chosenSchema } from './chosen-schema.ts';
import { expandFiles } from './expand-files.ts';
import { folderUploads, judgeUpload } from './folder-uploads.ts';
import { reportText } from './report-text.ts';

/** Of a validated file, what the command shows. */
type Validated = Pick<ValidatedFile, 'report' | 'heldBack'>;

/** `modelway validate`: what intake would say of local files; 1 when any row of any file would not be accepted. */
export async function validate(args: Arguments, io: Io): Promise<ExitCode> {
  const { schema, maxQuarantinedShare } = await chosenSchema(args, io.cwd);
  const files = await expandFiles(args.files, io.cwd);
  const validated = await validateAll(files, schema, maxQuarantinedShare, io);
  const reports = validated.map(({ report }) => report);
  const uploads: FileReport[] = [];
  for (const upload of await folderUploads(args.files, io.cwd))
    uploads.push(await judgeUpload(upload, reports, io.cwd));
  const document: ValidateDocument = { files: reports, ...(uploads.length === 0 ? {} : { uploads }) };
  if (flag(args, 'json')) io.out(`${JSON.stringify(document, null, 2)}\n`);
  else {
    for (const one of validated) io.out(reportText(one));
    for (const report of uploads) io.out(reportText({ report, heldBack: isHeldBack(report, maxQuarantinedShare) }));
  }
  return [...reports, ...uploads].every(({ verdict }) => verdict === 'accepted') ? 0 : 1;
}

const isHeldBack = ({ verdict, rows }: FileReport, most: number) =>
  verdict === 'quarantined' && rows.quarantined / rows.read > most;

function validateAll(
  files: readonly string[],
  schema: DataSchema,
  maxQuarantinedShare: number,
  io: Io,
): Promise<readonly Validated[]> {
  return withDuck(async (duck, folder) => {
    const validated: Validated[] = [];
    for (const name of files) {
      if (files.length > 1) io.err(`${name} …\n`);
      const own = await mkdtemp(join(folder, 'file-'));
      const path = resolve(io.cwd, name);
      const { report, heldBack } = await validateFile({ schema, maxQuarantinedShare, path, name, folder: own, duck });
      validated.push({ report, heldBack });
      await rm(own, { recursive: true });
    }
    return validated;
  });
}
