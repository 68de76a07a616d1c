import { type FrozenIntake, FrozenIntakeSchema } from '../../contracts/frozen-intake.ts';
import { frozenIntakeKey, inboxPrefix } from '../../contracts/keys.ts';
import { isDataFile, MANIFEST, SUCCESS } from '../../contracts/manifest.ts';
import { uploadKey } from '../../contracts/upload-keys.ts';
import { type ReadManifest, readManifest } from '../../core/intake/judge-folder.ts';
import { previousVersion } from '../../core/intake/previous-version.ts';
import { schemaHash } from '../../core/intake/stored-columns.ts';
import type { StoredVersion } from '../aws/object-versions.ts';
import { getPacked, packed } from '../aws/packed-json.ts';
import { isGone } from './gone-versions.ts';
import type { IntakeTools, UploadIntake } from './intake-tools.ts';

/** How long the files that a manifest names may come after it. */
const WAIT_MINUTES = 15;
/** A manifest of a hundred thousand files with hashes has about twenty megabytes. */
const MOST_MANIFEST_BYTES = 32 * 2 ** 20;
/** More files than one invocation reads in its time. */
const MOST_FILES = 10_000;

/** Files that a manifest names are not there yet: worth another try, as the machine does by this error's name. */
export class IncompleteUpload extends Error {
  override readonly name = 'IncompleteUpload';
}

/** An intake's frozen object versions, and its manifest as it was read. */
export interface BegunIntake {
  readonly frozen: FrozenIntake;
  /** Absent where the folder has none. */
  readonly manifest?: ReadManifest;
}

/**
 * Decides which object versions an intake reads and what it compares them with, once: whoever comes second gets the same answer.
 * @throws IncompleteUpload while files that the manifest names are missing and it came less than a quarter of an hour ago
 */
export async function freezeIntake(input: UploadIntake, tools: IntakeTools): Promise<BegunIntake> {
  const { lake } = tools;
  const key = frozenIntakeKey(input.model.name, input.execution);
  if (!(await lake.exists(key))) {
    const begun = await decide(input, tools);
    if ((await tools.writeOnce(key, await packed(begun.frozen), 'application/gzip')) === 'written') return begun;
  }
  const frozen = await getPacked(lake, key, FrozenIntakeSchema);
  return { frozen, ...(await manifestOf(frozen.manifest, tools)) };
}

/** Dataset versions among which the last one of the present schema is looked for. */
const MOST_LOOKED_BACK = 100;

async function decide(input: UploadIntake, tools: IntakeTools): Promise<BegunIntake> {
  const { model, upload } = input;
  const datasets = await tools.lineage.newest(model.name, 'dataset', MOST_LOOKED_BACK);
  const previous = previousVersion(datasets, schemaHash(model.data))?.version ?? null;
  const { key, versionId, size } = upload;
  const read = uploadKey(key);
  if (read.kind !== 'marker')
    return { frozen: { files: [{ key, versionId, size }], folder: null, manifest: null, problem: null, previous } };
  const { folder } = read;
  const { files, manifest: listed, outer } = await filesOf(folder, inboxPrefix(model.name), tools);
  const manifest = key === `${folder}${MANIFEST}` ? { key, versionId, size } : listed;
  const known = await manifestOf(manifest, tools);
  const problem =
    outer !== undefined
      ? `lies in ${outer}, which is an upload of its own by the marker it holds`
      : files.length > MOST_FILES
        ? `holds ${files.length} files; one upload has at most ${MOST_FILES}, so write fewer and larger ones`
        : null;
  if (problem === null) awaitFiles(folder, files, known.manifest, input, tools);
  return { frozen: { files: problem === null ? files : [], folder, manifest, problem, previous }, ...known };
}

/** The files of a folder as they are now, its manifest, and the folder around it that has a marker too. */
async function filesOf(folder: string, inbox: string, { versions }: IntakeTools) {
  const files: FrozenIntake['files'] = [];
  let manifest: FrozenIntake['manifest'] = null;
  for await (const version of versions(folder)) {
    if (!version.latest) continue;
    if (version.key === `${folder}${MANIFEST}`) manifest = frozenVersion(version);
    else if (isDataFile(version.key.slice(folder.length))) files.push(frozenVersion(version));
  }
  for (let outer = parent(folder); outer.length > inbox.length; outer = parent(outer))
    for (const marker of [MANIFEST, SUCCESS])
      for await (const { key, latest } of versions(`${outer}${marker}`))
        if (latest && key === `${outer}${marker}`) return { files, manifest, outer };
  return { files, manifest, outer: undefined };
}

const parent = (folder: string) => folder.slice(0, folder.lastIndexOf('/', folder.length - 2) + 1);
const frozenVersion = ({ key, versionId, size }: StoredVersion) => ({ key, versionId, size });

/** @throws IncompleteUpload when files that the manifest names may still come */
function awaitFiles(
  folder: string,
  files: FrozenIntake['files'],
  manifest: ReadManifest | undefined,
  { upload }: UploadIntake,
  { now }: IntakeTools,
): void {
  if (manifest === undefined || 'problem' in manifest) return;
  if (now().getTime() - Date.parse(upload.uploadedAt) >= WAIT_MINUTES * 60_000) return;
  const there = new Set(files.map(({ key }) => key.slice(folder.length)));
  const missing = manifest.manifest.files.filter(({ key }) => !there.has(key));
  if (missing.length > 0)
    throw new IncompleteUpload(
      `${missing.length} of ${manifest.manifest.files.length} files are missing: ${missing[0]?.key} …`,
    );
}

async function manifestOf(version: FrozenIntake['manifest'], tools: IntakeTools): Promise<{ manifest?: ReadManifest }> {
  if (version === null) return {};
  if (version.size > MOST_MANIFEST_BYTES)
    return { manifest: { problem: `has ${version.size} bytes, more than ${MOST_MANIFEST_BYTES}` } };
  const chunks: Uint8Array[] = [];
  try {
    for await (const chunk of tools.lake.stream(version.key, version.versionId)) chunks.push(chunk);
  } catch (error) {
    if (await isGone(version, tools)) return { manifest: { problem: 'was deleted before it was read' } };
    throw error;
  }
  return { manifest: readManifest(Buffer.concat(chunks).toString('utf8')) };
}
