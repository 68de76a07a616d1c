import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { ACCOUNT, REGION } from './aws-clients.ts';

const ManifestSchema = z.object({
  artifacts: z.record(
    z.string(),
    z.object({
      type: z.string(),
      dependencies: z.array(z.string()).default([]),
      properties: z.record(z.string(), z.unknown()).default({}),
    }),
  ),
});
const StackPropertiesSchema = z.object({
  templateFile: z.string(),
  stackName: z.string().optional(),
  parameters: z.record(z.string(), z.string()).default({}),
  bootstrapStackVersionSsmParameter: z.string().optional(),
});
const AssetFileSchema = z.object({
  source: z.object({ path: z.string(), packaging: z.enum(['file', 'zip']) }),
  destinations: z.record(z.string(), z.object({ bucketName: z.string(), objectKey: z.string() })),
});
const AssetManifestSchema = z.object({
  files: z.record(z.string(), AssetFileSchema).default({}),
  dockerImages: z.record(z.string(), z.unknown()).default({}),
});

/** A file or folder of the assembly that a template expects in the bootstrap bucket. */
export interface Asset {
  readonly path: string;
  readonly packaging: 'file' | 'zip';
  readonly bucket: string;
  readonly key: string;
}

/** One stack of an assembly, as data. */
export interface AssembledStack {
  readonly name: string;
  readonly template: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly assets: readonly Asset[];
  /** SSM parameter that tells the version of the bootstrap stack. */
  readonly bootstrapVersionParameter: string | undefined;
}

/**
 * The stacks of a cloud assembly (`cdk.out`), each after those it depends on.
 * @throws when the folder is no assembly, or needs Docker images, which a rehearsal has no engine for
 */
export function readAssembly(folder: string): readonly AssembledStack[] {
  const { artifacts } = ManifestSchema.parse(readJson(join(folder, 'manifest.json')));
  const ordered: string[] = [];
  const visit = (id: string) => {
    if (ordered.includes(id)) return;
    for (const dependency of artifacts[id]?.dependencies ?? []) visit(dependency);
    ordered.push(id);
  };
  for (const id of Object.keys(artifacts)) visit(id);
  return ordered.flatMap((id) => {
    const artifact = artifacts[id];
    if (artifact?.type !== 'aws:cloudformation:stack') return [];
    const properties = StackPropertiesSchema.parse(artifact.properties);
    const assets = artifact.dependencies.flatMap((dependency) => assetsOf(folder, artifacts[dependency]));
    return {
      name: properties.stackName ?? id,
      template: join(folder, properties.templateFile),
      parameters: properties.parameters,
      assets,
      bootstrapVersionParameter: properties.bootstrapStackVersionSsmParameter,
    };
  });
}

type Artifact = z.infer<typeof ManifestSchema>['artifacts'][string];

function assetsOf(folder: string, artifact: Artifact | undefined): readonly Asset[] {
  if (artifact?.type !== 'cdk:asset-manifest') return [];
  const file = z.object({ file: z.string() }).parse(artifact.properties).file;
  const manifest = AssetManifestSchema.parse(readJson(join(folder, file)));
  const images = Object.keys(manifest.dockerImages);
  if (images.length > 0)
    throw new Error(`${file} has Docker images (got ${images.join(', ')}); a rehearsal deploys files and folders only`);
  return Object.values(manifest.files).flatMap(({ source, destinations }) =>
    Object.values(destinations).map(({ bucketName, objectKey }) => ({
      path: join(folder, source.path),
      packaging: source.packaging,
      bucket: inThisAccount(bucketName),
      key: objectKey,
    })),
  );
}

/** A stack that names no account or region is deployed to the caller's. */
function inThisAccount(name: string): string {
  const pseudo: Readonly<Record<string, string>> = { Partition: 'aws', AccountId: ACCOUNT, Region: REGION };
  return name.replace(/\$\{AWS::(\w+)\}/g, (placeholder, parameter: string) => pseudo[parameter] ?? placeholder);
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw new Error(`${path} is not a readable cloud assembly; synthesize one with "npm run synth"`, { cause });
  }
}
