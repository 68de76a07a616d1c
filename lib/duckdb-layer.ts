import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { AssetHashType } from 'aws-cdk-lib';
import { Architecture, Code, LayerVersion, Runtime } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { z } from 'zod';
import { ModelwayError } from '../contracts/problems.ts';
import { PACKAGE_ROOT } from './lambda-assets.ts';

const API = '@duckdb/node-api';
/** The native binding of Lambda's x86_64, whatever this machine is. */
const BINDING = '@duckdb/node-bindings-linux-x64';
const PACKAGES = [API, '@duckdb/node-bindings', BINDING, 'detect-libc'] as const;
const NATIVE_FILES = ['duckdb.node', 'libduckdb.so'] as const;

/**
 * Where packages are looked for. npm installs only the binding of its own host and says nothing about others, so on any other host
 * Lambda's binding is fetched into the second folder.
 */
const PACKAGE_FOLDERS = [join(PACKAGE_ROOT, 'node_modules'), join(PACKAGE_ROOT, '.build', 'native', 'node_modules')];

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

/**
 * The layer as a folder: `nodejs/node_modules/…`, made once per version.
 * @throws ModelwayError `missing-native-package` when a package or its native library is not installed
 */
export function layerFolder(packageFolders: readonly string[] = PACKAGE_FOLDERS): {
  readonly folder: string;
  readonly version: string;
} {
  const found = PACKAGES.map((name) => ({ name, path: packageFolder(name, packageFolders) }));
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

function packageFolder(name: string, folders: readonly string[]): string {
  const complete = folders
    .map((folder) => join(folder, name))
    .find(
      (path) => existsSync(path) && (name !== BINDING || NATIVE_FILES.every((file) => existsSync(join(path, file)))),
    );
  if (complete !== undefined) return complete;
  throw new ModelwayError('missing-native-package', 'input', [
    {
      path: name,
      message: 'is not installed with its native library, which the DuckDB layer needs',
      fix:
        name === BINDING
          ? `run: npm install --no-save --force --os=linux --cpu=x64 --prefix .build/native ${name}@${packageVersion(packageFolder(API, folders))}`
          : 'run: npm ci',
    },
  ]);
}

function packageVersion(folder: string): string {
  const manifest: unknown = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return z.object({ version: z.string() }).parse(manifest).version;
}
