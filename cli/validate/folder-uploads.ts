import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { FileReport } from '../../contracts/findings.ts';
import { MANIFEST, SUCCESS } from '../../contracts/manifest.ts';
import { type FoundFile, judgeFolder, type ReadManifest, readManifest } from '../../core/intake/judge-folder.ts';
import { fileSha256 } from '../../core/lineage/file-hash.ts';
import { filesBelow } from './expand-files.ts';

/** A folder that counts as one upload, because its manifest or `_SUCCESS` is there. */
export interface FolderUpload {
  readonly folder: string;
  /** Left out: the folder has only `_SUCCESS`. */
  readonly manifest?: ReadManifest;
}

/** The folder uploads among `paths` and below them; one inside another belongs to the outer. */
export async function folderUploads(paths: readonly string[], cwd: string): Promise<readonly FolderUpload[]> {
  const uploads = new Map<string, FolderUpload>();
  for (const path of paths) {
    if (!(await stat(resolve(cwd, path))).isDirectory()) continue;
    const markers = (await filesBelow(path, cwd)).filter((file) => [MANIFEST, SUCCESS].includes(basename(file)));
    const folders = [...new Set(markers.map((file) => dirname(file)))];
    for (const folder of folders) {
      if (folders.some((outer) => folder.startsWith(join(outer, '/')) && folder !== outer)) continue;
      const manifest = join(folder, MANIFEST);
      uploads.set(folder, {
        folder,
        ...(markers.includes(manifest)
          ? { manifest: readManifest(await readFile(resolve(cwd, manifest), 'utf8')) }
          : {}),
      });
    }
  }
  return [...uploads.values()];
}

/** Judges an upload by the reports of its files, which are named by their paths. */
export async function judgeUpload(
  { folder, manifest }: FolderUpload,
  reports: readonly FileReport[],
  cwd: string,
): Promise<FileReport> {
  const stated = manifest !== undefined && 'manifest' in manifest ? manifest.manifest.files : [];
  const hashed = new Set(stated.flatMap(({ key, sha256 }) => (sha256 === undefined ? [] : [key])));
  const found: FoundFile[] = [];
  for (const report of reports) {
    const inside = join(folder, '/');
    if (!report.file.startsWith(inside)) continue;
    const key = report.file.slice(inside.length);
    const path = resolve(cwd, report.file);
    const { size } = await stat(path);
    found.push({ key, bytes: size, report, ...(hashed.has(key) ? { sha256: await fileSha256(path) } : {}) });
  }
  return judgeFolder(folder, manifest, found);
}
