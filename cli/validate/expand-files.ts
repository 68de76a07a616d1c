import { readdir, stat } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import { isDataFile } from '../../contracts/manifest.ts';
import { ModelwayError, type Problem } from '../../contracts/problems.ts';

/**
 * The files meant by `paths`: files as they are, folders with everything below them in name order, but for hidden files, unfinished
 * ones, manifests, and markers such as `_SUCCESS`.
 * @throws ModelwayError that names every path that is not there or no file, or when there is no file at all
 */
export async function expandFiles(paths: readonly string[], cwd: string): Promise<readonly string[]> {
  const problems: Problem[] = [];
  const files: string[] = [];
  for (const path of paths) {
    const found = await stat(resolve(cwd, path)).catch(() => undefined);
    if (found === undefined)
      problems.push({ path, message: 'there is no such file or folder', fix: 'correct the path' });
    else if (found.isDirectory())
      files.push(...(await filesBelow(path, cwd)).filter((file) => isDataFile(pathInside(file, path))));
    else if (!found.isFile())
      problems.push({
        path,
        message: 'is a pipe, a device or a socket, which may never end',
        fix: 'write what it gives to a file, and name that',
      });
    else files.push(path);
  }
  if (problems.length > 0) throw new ModelwayError('no-such-file', 'input', problems);
  if (files.length > 0) return files;
  throw new ModelwayError('no-files', 'input', [
    {
      path: paths.join(', '),
      message: 'there is no file to look at',
      fix: 'name files, or folders that hold some',
    },
  ]);
}

/** The path of a file below a folder, from that folder. */
export const pathInside = (file: string, folder: string): string => relative(folder, file).replaceAll(sep, '/');

/** Every file below a folder, in name order, under its path from `cwd`; links are not followed. */
export async function filesBelow(folder: string, cwd: string): Promise<readonly string[]> {
  const entries = await readdir(resolve(cwd, folder), { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(folder, entry.parentPath.slice(resolve(cwd, folder).length), entry.name))
    .sort();
}
