import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type BuildOptions, buildSync } from 'esbuild';
import type { FunctionName } from '../contracts/functions.ts';
import { ModelwayError } from '../contracts/problems.ts';

/** Root of the package: handlers, container code and build folder lie below it. */
export const PACKAGE_ROOT = dirname(import.meta.dirname);
/** Where handlers are read and bundles written. */
interface BundlingFolders {
  readonly sources: string;
  readonly build: string;
}
const FOLDERS: BundlingFolders = {
  sources: join(PACKAGE_ROOT, 'lambdas'),
  build: join(PACKAGE_ROOT, '.build', 'lambdas'),
};

/** How whatever runs on Node in AWS is bundled: the pinned AWS SDK is inside; DuckDB is found beside it. */
const BUNDLING = {
  write: false,
  bundle: true,
  minify: true,
  // Error names reach the state machines, so classes keep theirs.
  keepNames: true,
  platform: 'node',
  target: 'node24',
  format: 'cjs',
  mainFields: ['module', 'main'],
  external: ['@duckdb/node-api'],
  // What is loaded late is loaded by `require`, which looks into layers; `import()` does not.
  supported: { 'dynamic-import': false },
  legalComments: 'none',
  logLevel: 'silent',
  absWorkingDir: PACKAGE_ROOT,
} as const satisfies BuildOptions;

/** Bundles the program that processing jobs take large uploads in with, and returns its file. */
export function bundleIntakeProgram({ sources, build }: BundlingFolders = FOLDERS): string {
  const path = join(build, 'intake-program', 'index.js');
  const built = buildSync({
    ...BUNDLING,
    external: [...BUNDLING.external],
    mainFields: [...BUNDLING.mainFields],
    entryPoints: [join(sources, 'intake', 'program.ts')],
    outfile: path,
  });
  for (const { contents } of built.outputFiles ?? []) writeIfChanged(path, contents);
  return path;
}

/**
 * Bundles every handler in one esbuild call and returns each function's folder. The pinned AWS SDK is inside; DuckDB comes from its
 * layer. A file is only written when it changes, so that two syntheses at once do not disturb each other.
 * @throws ModelwayError `missing-handler` naming every function whose handler is not there
 */
export function bundleHandlers(
  names: readonly FunctionName[],
  { sources, build }: BundlingFolders = FOLDERS,
): ReadonlyMap<FunctionName, string> {
  const entries = names.map((name) => ({ name, path: join(sources, name, 'handler.ts') }));
  const missing = entries.filter(({ path }) => !existsSync(path));
  if (missing.length > 0)
    throw new ModelwayError(
      'missing-handler',
      'modelway',
      missing.map(({ name, path }) => ({
        path,
        message: `function ${name} has no handler`,
        fix: 'add the file, exporting handler',
      })),
    );
  const built = buildSync({
    entryPoints: entries.map(({ name, path }) => ({ in: path, out: join(name, 'index') })),
    ...BUNDLING,
    external: [...BUNDLING.external],
    mainFields: [...BUNDLING.mainFields],
    outdir: build,
  });
  for (const { path, contents } of built.outputFiles) writeIfChanged(path, contents);
  return new Map(names.map((name) => [name, join(build, name)]));
}

function writeIfChanged(path: string, contents: Uint8Array): void {
  if (existsSync(path) && readFileSync(path).equals(contents)) return;
  mkdirSync(dirname(path), { recursive: true });
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, contents);
  renameSync(draft, path);
}
