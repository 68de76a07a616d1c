import { readFile, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { isMarker, MANIFEST } from '../../contracts/manifest.ts';
import type { FolderFile } from '../../core/intake/folder/validate-folder.ts';
import { type ReadManifest, readManifest } from '../../core/intake/judge-folder.ts';
import { filesBelow, pathInside } from './expand-files.ts';

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
    const markers = (await filesBelow(path, cwd)).filter(isMarker);
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

/** Of a folder upload, the files among `files`, in order of their paths inside it. */
export function filesOf({ folder }: FolderUpload, files: readonly string[], cwd: string): readonly FolderFile[] {
  return files
    .filter((file) => file.startsWith(join(folder, '/')))
    .map((file) => ({ key: pathInside(file, folder), open: async () => ({ path: resolve(cwd, file), close }) }))
    .sort((a, b) => (a.key < b.key ? -1 : 1));
}

const close = async (): Promise<void> => undefined;
