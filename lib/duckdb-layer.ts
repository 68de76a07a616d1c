import { cpSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { AssetHashType } from 'aws-cdk-lib';
import { Architecture, Code, LayerVersion, Runtime } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { PACKAGE_ROOT } from './lambda-assets.ts';
import { PACKAGE_FOLDERS, packageFolder, packageVersion } from './native-packages.ts';

const API = '@duckdb/node-api';
/** The native binding of Lambda's x86_64, whatever this machine is. */
const BINDING = '@duckdb/node-bindings-linux-x64';
/** What DuckDB needs at run time. */
const DUCKDB_PACKAGES = [API, '@duckdb/node-bindings', BINDING, 'detect-libc'] as const;

/** DuckDB for the functions that read and write Parquet; native code, hence x86_64 only. */
export function duckdbLayer(scope: Construct, id: string): LayerVersion {
  const { folder, version } = layerFolder();
  return new LayerVersion(scope, id, {
    description: `${API} ${version} with its linux-x64 binding`,
    // Hashing 70 MB at every synthesis would say no more than the pinned version does.
    code: Code.fromAsset(folder, { assetHashType: AssetHashType.CUSTOM, assetHash: `duckdb-${version}-linux-x64` }),
    compatibleRuntimes: [Runtime.NODEJS_24_X],
    compatibleArchitectures: [Architecture.X86_64],
  });
}

/** DuckDB's packages and where they lie. @throws ModelwayError `missing-native-package` */
export function duckdbPackages(folders: readonly string[] = PACKAGE_FOLDERS) {
  const version = () => packageVersion(packageFolder(API, folders));
  return DUCKDB_PACKAGES.map((name) => ({ name, path: packageFolder(name, folders, version) }));
}

/**
 * The layer as a folder: `nodejs/node_modules/…`, made once per version.
 * @throws ModelwayError `missing-native-package` when a package or its native library is not installed
 */
export function layerFolder(packageFolders: readonly string[] = PACKAGE_FOLDERS): {
  readonly folder: string;
  readonly version: string;
} {
  const found = duckdbPackages(packageFolders);
  const version = packageVersion(found.find(({ name }) => name === BINDING)?.path ?? '');
  const folder = join(PACKAGE_ROOT, '.build', 'layers', `duckdb-${version.replaceAll('.', '_')}`);
  if (existsSync(folder)) return { folder, version };
  mkdirSync(dirname(folder), { recursive: true });
  const draft = mkdtempSync(`${folder}.`);
  for (const { name, path } of found)
    cpSync(path, join(draft, 'nodejs', 'node_modules', name), { recursive: true, dereference: true });
  try {
    renameSync(draft, folder);
  } catch (error) {
    // Another synthesis made the same folder meanwhile.
    rmSync(draft, { recursive: true });
    if (!existsSync(folder)) throw error;
  }
  return { folder, version };
}
