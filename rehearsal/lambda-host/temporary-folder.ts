import { mkdirSync, rmSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';

/** The `/tmp` of one execution environment. */
export interface TemporaryFolder {
  readonly path: string;
  /** Megabytes its files hold, rounded up. */
  usedMegabytes(): Promise<number>;
  remove(): void;
}

/** Makes an empty folder for one execution environment below `parent`. */
export function temporaryFolder(parent: string, name: string): TemporaryFolder {
  const folder = path.join(parent, name);
  mkdirSync(folder, { recursive: true });
  return {
    path: folder,
    usedMegabytes: async () => Math.ceil((await bytesBelow(folder)) / 2 ** 20),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

async function bytesBelow(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const sizes = await Promise.all(
    entries.map((entry) => (entry.isFile() ? sizeOf(path.join(entry.parentPath, entry.name)) : 0)),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** A file that the function removes while we count is no longer there to be counted. */
async function sizeOf(file: string): Promise<number> {
  return stat(file).then(
    (found) => found.size,
    () => 0,
  );
}
