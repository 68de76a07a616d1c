import { mkdirSync, renameSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type IntakeJobRequest, type IntakeJobResult, jobFileName } from '../../contracts/intake-job.ts';
import { driftSettings } from '../../core/drift/settings.ts';
import { type Duck, openDuck } from '../../core/duckdb.ts';
import { validateFolder } from '../../core/intake/folder/validate-folder.ts';
import { DEFAULT_LIMITS } from '../../core/intake/read/row-sink.ts';
import { type ValidatedFile, validateFile } from '../../core/intake/validate-file.ts';
import { fileSha256 } from '../../core/lineage/file-hash.ts';
import { contentProfile } from './content-profile.ts';

/** A job has the disk it asked for, and a day. */
const LIMITS = { ...DEFAULT_LIMITS, maxBytes: 200 * 2 ** 30 };
/** Of the 8 GB of the smallest instance, for the database; what is more spills to disk. */
const DATABASE_MEGABYTES = 3072;

interface Folders {
  readonly upload: string;
  readonly work: string;
  readonly output: string;
}

/**
 * Takes an upload in from local files, with the code of the intake function, and leaves what came of its rows in the output folder. It
 * registers nothing and needs no network.
 */
export async function runIntakeJob(request: IntakeJobRequest, folders: Folders): Promise<IntakeJobResult> {
  const scratch = join(folders.work, 'scratch');
  for (const folder of [scratch, folders.output]) mkdirSync(folder, { recursive: true });
  const duck = await openDuck({ folder: scratch, memoryMegabytes: DATABASE_MEGABYTES, threads: 2 });
  try {
    const { validated, sources } = await judged(request, folders.upload, scratch, duck);
    const { accepted, quarantinePath, report, heldBack } = validated;
    return {
      report,
      heldBack,
      quarantine: quarantinePath === null ? null : await moved(quarantinePath, folders.output),
      sources,
      accepted: accepted === null ? null : await stored(accepted, request, folders.output, duck),
    };
  } finally {
    duck.close();
  }
}

async function judged(request: IntakeJobRequest, upload: string, folder: string, duck: Duck) {
  const { model, name, files, manifest, previous, now } = request;
  const paths = files.map((_, index) => join(upload, jobFileName(index)));
  const common = {
    schema: model.data,
    maxQuarantinedShare: model.maxQuarantinedShare,
    name,
    folder,
    duck,
    limits: LIMITS,
    now: new Date(now),
    ...(previous === null
      ? {}
      : { previous: { baseline: previous, features: model.features, settings: driftSettings(model) } }),
  };
  const [path] = paths;
  if (!request.folder && path !== undefined) {
    const validated = await validateFile({ ...common, path });
    return { validated, sources: [{ sha256: await fileSha256(path), rows: validated.report.rows.read }] };
  }
  const validated = await validateFolder({
    ...common,
    files: files.map((key, index) => ({
      key,
      open: async () => ({ path: paths[index] ?? '', close: async () => {} }),
    })),
    ...(manifest === null ? {} : { manifest }),
  });
  const sources = validated.files.map(({ sha256, report }) => ({ sha256, rows: report.rows.read }));
  return { validated, sources };
}

async function stored(
  accepted: NonNullable<ValidatedFile['accepted']>,
  { model }: IntakeJobRequest,
  output: string,
  duck: Duck,
): Promise<NonNullable<IntakeJobResult['accepted']>> {
  const profile = await contentProfile(model, accepted, duck);
  const parts: { file: string; rows: number; sha256: string; bytes: number }[] = [];
  for (const { path, rows } of accepted.parts)
    parts.push({ rows, sha256: await fileSha256(path), ...(await moved(path, output)) });
  return { ...accepted, parts, profile };
}

async function moved(path: string, output: string): Promise<{ readonly file: string; readonly bytes: number }> {
  const [file, { size: bytes }] = [basename(path), await stat(path)];
  renameSync(path, join(output, file));
  return { file, bytes };
}
