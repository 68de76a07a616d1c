import { mkdtemp, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { ValidateDocument } from '../../contracts/findings.ts';
import type { Duck } from '../../core/duckdb.ts';
import { validateFolder } from '../../core/intake/folder/validate-folder.ts';
import { type ValidatedFile, validateFile } from '../../core/intake/validate-file.ts';
import { flag } from '../arguments.ts';
import type { Arguments } from '../command.ts';
import { inertJson, inertText } from '../inert-text.ts';
import type { ExitCode, Io } from '../io.ts';
import { withDuck } from '../with-duck.ts';
import { type ChosenSchema, chosenSchema } from './chosen-schema.ts';
import { expandFiles } from './expand-files.ts';
import { type FolderUpload, filesOf, folderUploads } from './folder-uploads.ts';
import { reportText } from './report-text.ts';

/** Of a validated file, what the command shows. */
type Validated = Pick<ValidatedFile, 'report' | 'heldBack'>;

/** `modelway validate`: what intake would say of local files; 1 when any row of any file would not be accepted. */
export async function validate(args: Arguments, io: Io): Promise<ExitCode> {
  const chosen = await chosenSchema(args, io.cwd);
  const files = await expandFiles(args.files, io.cwd);
  const found = await folderUploads(args.files, io.cwd);
  const inFolders = (file: string) => found.some(({ folder }) => file.startsWith(join(folder, '/')));
  const { validated, uploads } = await withDuck(async (duck, folder) => {
    const tools: Tools = { ...chosen, duck, folder, io };
    const alone = files.filter((file) => !inFolders(file));
    const validated = [...(await validateAll(alone, files.length > 1, tools))];
    const uploads: Validated[] = [];
    for (const upload of found) {
      const { whole, reports } = await validateUpload(upload, files, tools);
      validated.push(...reports);
      uploads.push(whole);
    }
    const order = new Map(files.map((file, index) => [file, index]));
    validated.sort((one, other) => (order.get(one.report.file) ?? 0) - (order.get(other.report.file) ?? 0));
    return { validated, uploads };
  });
  const reports = validated.map(({ report }) => report);
  const document: ValidateDocument = {
    files: reports,
    ...(uploads.length === 0 ? {} : { uploads: uploads.map(({ report }) => report) }),
  };
  if (flag(args, 'json')) io.out(`${inertJson(document)}\n`);
  else for (const one of [...validated, ...uploads]) io.out(reportText(one));
  return [...validated, ...uploads].every(({ report }) => report.verdict === 'accepted') ? 0 : 1;
}

/** What every validation works with. */
interface Tools extends ChosenSchema {
  readonly duck: Duck;
  /** Scratch. */
  readonly folder: string;
  readonly io: Io;
}

async function validateAll(files: readonly string[], many: boolean, tools: Tools): Promise<readonly Validated[]> {
  const validated: Validated[] = [];
  for (const name of files) {
    if (many) tools.io.err(`${inertText(name)} …\n`);
    const own = await mkdtemp(join(tools.folder, 'file-'));
    const path = resolve(tools.io.cwd, name);
    const { report, heldBack } = await validateFile({ ...tools, path, name, folder: own, now: new Date() });
    validated.push({ report, heldBack });
    await rm(own, { recursive: true });
  }
  return validated;
}

/** A folder as one upload; the reports of its files are named by their paths. */
async function validateUpload(upload: FolderUpload, files: readonly string[], tools: Tools) {
  const { folder: name, manifest } = upload;
  tools.io.err(`${inertText(name)} …\n`);
  const own = await mkdtemp(join(tools.folder, 'folder-'));
  const {
    report,
    heldBack,
    files: judged,
  } = await validateFolder({
    ...tools,
    name,
    folder: own,
    files: filesOf(upload, files, tools.io.cwd),
    now: new Date(),
    ...(manifest === undefined ? {} : { manifest }),
  });
  await rm(own, { recursive: true });
  const reports = judged.map(({ key, report: ofFile }) => ({
    report: { ...ofFile, file: join(name, key) },
    heldBack: false,
  }));
  return { whole: { report, heldBack }, reports };
}
