import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A cloud assembly of one stack, written by hand as the CDK writes it. */
export interface SmallAssembly {
  readonly folder: string;
  readonly stack: string;
  remove(): void;
}

type Properties = Readonly<Record<string, unknown>>;
type Resource = Readonly<{ Type: string; Properties: Properties; DependsOn?: readonly string[] }>;

export interface SmallStack {
  readonly name?: string;
  readonly resources: Readonly<Record<string, Resource>>;
  readonly outputs?: Readonly<Record<string, unknown>>;
  /** CommonJS of functions, by asset name. */
  readonly functions?: Readonly<Record<string, string>>;
}

/** Where the template finds the code of a function of this assembly. */
export const codeOf = (name: string) => ({ S3Bucket: 'assets-123456789012-us-east-1', S3Key: `${name}.zip` });

export function smallAssembly(stack: SmallStack): SmallAssembly {
  const folder = mkdtempSync(join(tmpdir(), 'small-assembly-'));
  const name = stack.name ?? 'small';
  const template = `${name}.template.json`;
  const outputs = Object.entries(stack.outputs ?? {}).map(([key, value]) => [key, { Value: value }]);
  write(folder, template, { Resources: stack.resources, Outputs: Object.fromEntries(outputs) });
  const functions = Object.entries(stack.functions ?? {});
  for (const [asset, code] of functions) {
    mkdirSync(join(folder, `asset.${asset}`));
    writeFileSync(join(folder, `asset.${asset}`, 'index.js'), code);
  }
  write(folder, `${name}.assets.json`, {
    version: '48.0.0',
    files: Object.fromEntries([
      [template, file(template, 'file', `${name}.template`)],
      ...functions.map(([asset]) => [asset, file(`asset.${asset}`, 'zip', `${asset}.zip`)]),
    ]),
  });
  write(folder, 'manifest.json', {
    version: '48.0.0',
    artifacts: {
      assets: { type: 'cdk:asset-manifest', properties: { file: `${name}.assets.json` } },
      [name]: {
        type: 'aws:cloudformation:stack',
        dependencies: ['assets'],
        properties: { templateFile: template, bootstrapStackVersionSsmParameter: '/cdk-bootstrap/hnb659fds/version' },
      },
    },
  });
  return { folder, stack: name, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

const file = (path: string, packaging: string, key: string) => ({
  source: { path, packaging },
  destinations: { current: { bucketName: codeOf('').S3Bucket, objectKey: key } },
});

function write(folder: string, name: string, content: unknown): void {
  writeFileSync(join(folder, name), JSON.stringify(content));
}

/** A role that `service` may assume, with the given statements. */
export const role = (service: string, ...statements: readonly Properties[]): Resource => ({
  Type: 'AWS::IAM::Role',
  Properties: {
    AssumeRolePolicyDocument: {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' }],
    },
    Policies:
      statements.length === 0
        ? []
        : [{ PolicyName: 'rights', PolicyDocument: { Version: '2012-10-17', Statement: statements } }],
  },
});

export const allow = (action: string | readonly string[], resource: unknown): Properties => ({
  Effect: 'Allow',
  Action: action,
  Resource: resource,
});

export const arnOf = (logicalId: string) => ({ 'Fn::GetAtt': [logicalId, 'Arn'] });

/** A Lambda function whose code is the asset of the same name. */
export const lambda = (asset: string, roleId: string, environment: Properties = {}): Resource => ({
  Type: 'AWS::Lambda::Function',
  Properties: {
    FunctionName: asset,
    Code: codeOf(asset),
    Handler: 'index.handler',
    Runtime: 'nodejs24.x',
    Role: arnOf(roleId),
    Environment: { Variables: environment },
  },
});
