import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { IntakeInput } from '../../contracts/machines.ts';
import type { ModelConfig } from '../../contracts/model-config.ts';
import { type FolderFile, validateFolder } from '../../core/intake/folder/validate-folder.ts';
import type { ReadManifest } from '../../core/intake/judge-folder.ts';
import { refusedFile } from '../../core/intake/refused-file.ts';
import type { PreviousVersion } from '../../core/intake/sample-rules.ts';
import { validateFile } from '../../core/intake/validate-file.ts';
import { fileSha256 } from '../../core/lineage/file-hash.ts';
import { GONE, isGone } from './gone-versions.ts';
import type { IntakePlace, TakenUpload } from './intake-tools.ts';
import { INTAKE_LIMITS } from './limits.ts';

/** What every upload is validated with. */
interface Request {
  readonly model: ModelConfig;
  /** What the report calls the upload. */
  readonly name: string;
  readonly now: Date;
  readonly previous?: PreviousVersion;
}

interface FrozenVersion {
  readonly key: string;
  readonly versionId: string;
}

/** Validates one object version. */
export async function takeFile(request: Request, upload: IntakeInput, place: IntakePlace): Promise<TakenUpload> {
  const { bucket, key, versionId } = upload;
  const path = join(place.folder, 'upload');
  if (!(await brought(upload, path, place)))
    return { validated: refusedFile(request.name, { rule: 'unreadable', message: GONE }), sources: [] };
  const validated = await validateFile({ ...asked(request, place), path });
  const { read: rows } = validated.report.rows;
  return { validated, sources: [{ bucket, key, versionId, sha256: await fileSha256(path), rows }] };
}

/** Validates the frozen object versions of a folder as one upload; one file at a time lies on the disk, and the next is on its way. */
export async function takeFolder(
  request: Request,
  given: {
    readonly bucket: string;
    readonly folder: string;
    readonly files: readonly FrozenVersion[];
    readonly manifest?: ReadManifest;
  },
  place: IntakePlace,
): Promise<TakenUpload> {
  const { bucket, folder, files, manifest } = given;
  const validated = await validateFolder({
    ...asked(request, place),
    files: filesAhead(folder, files, place),
    ...(manifest === undefined ? {} : { manifest }),
  });
  const versions = new Map(files.map(({ key, versionId }) => [key.slice(folder.length), versionId]));
  const sources = validated.files.map(({ key, sha256, report }) => ({
    bucket,
    key: `${folder}${key}`,
    versionId: versions.get(key) ?? '',
    sha256,
    rows: report.rows.read,
  }));
  return { validated, sources };
}

function asked({ model, ...request }: Request, { folder, duck, beyond }: IntakePlace) {
  const { data: schema, maxQuarantinedShare } = model;
  return { ...request, schema, maxQuarantinedShare, folder, duck, limits: { ...INTAKE_LIMITS, beyond } };
}

/** Files that are asked for before the one that is read has ended: most of the time of small objects is waiting for S3. */
const AHEAD = 4;

function filesAhead(folder: string, files: readonly FrozenVersion[], place: IntakePlace): readonly FolderFile[] {
  const begun = new Map<number, Promise<boolean>>();
  const path = (index: number) => join(place.folder, `file-${index}`);
  const begin = (index: number): Promise<boolean> => {
    const version = files[index];
    const bringing =
      begun.get(index) ?? (version === undefined ? Promise.resolve(false) : brought(version, path(index), place));
    // It is told when its turn comes; until then a failure must not end the process.
    bringing.catch(() => undefined);
    begun.set(index, bringing);
    return bringing;
  };
  return files.map(({ key }, index) => ({
    key: key.slice(folder.length),
    open: async () => {
      for (let ahead = 1; ahead < AHEAD; ahead++) void begin(index + ahead);
      const there = await begin(index);
      begun.delete(index);
      return there ? { path: path(index), close: () => rm(path(index)) } : { problem: GONE };
    },
  }));
}

/** Writes an object version to the disk; false when it is there no more. */
async function brought(version: FrozenVersion, path: string, place: IntakePlace): Promise<boolean> {
  try {
    await place.lake.download(version.key, path, version.versionId);
    return true;
  } catch (error) {
    if (await isGone(version, place)) return false;
    throw error;
  }
}
