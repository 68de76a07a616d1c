import { Duration, Size } from 'aws-cdk-lib';
import { ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  Architecture,
  Code,
  Function as LambdaFunction,
  type LayerVersion,
  Runtime,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { type Environment, FUNCTION_NAMES, FUNCTIONS, type FunctionName } from '../contracts/functions.ts';
import { functionLogGroup, functionName } from '../contracts/names.ts';
import { duckdbLayer } from './duckdb-layer.ts';
import { FUNCTION_PERMISSIONS, type FunctionResources } from './function-permissions.ts';
import { encryptedLogGroup } from './logs.ts';
import { allow, trace, useKey } from './statements.ts';

/** Functions that a service calls asynchronously: what they drop goes to the queue of undelivered messages. */
const ASYNCHRONOUS: ReadonlySet<FunctionName> = new Set(['clean-up', 'reconcile']);

export interface FunctionsProps extends FunctionResources {
  readonly runbookUrl: string;
  /** Folder with `index.js` of each function. */
  readonly bundles: ReadonlyMap<FunctionName, string>;
}

/** Every function of the platform, once: each with its own role, log group and permissions. */
export class Functions extends Construct {
  private readonly functions: ReadonlyMap<FunctionName, LambdaFunction>;

  constructor(scope: Construct, id: string, props: FunctionsProps) {
    super(scope, id);
    const layer = duckdbLayer(this, 'DuckDb');
    this.functions = new Map(FUNCTION_NAMES.map((name) => [name, this.make(name, layer, props)]));
  }

  /** One of the platform's functions. */
  get(name: FunctionName): LambdaFunction {
    const found = this.functions.get(name);
    if (found === undefined) throw new Error(`function ${name} is in the function table but was not made`);
    return found;
  }

  private make(name: FunctionName, layer: LayerVersion, props: FunctionsProps): LambdaFunction {
    const scope = new Construct(this, name);
    const entry = FUNCTIONS[name];
    const logGroup = encryptedLogGroup(scope, 'Log', functionLogGroup(props.platform, name), props.keys.operations);
    const role = new Role(scope, 'Role', {
      description: `${props.platform}: ${entry.description}`,
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    });
    const asynchronous = ASYNCHRONOUS.has(name);
    const policy = new ManagedPolicy(scope, 'Policy', {
      roles: [role],
      statements: [
        allow(['logs:CreateLogStream', 'logs:PutLogEvents'], [logGroup.logGroupArn]),
        trace(),
        useKey(props.keys.data.keyArn),
        ...(asynchronous ? [allow(['sqs:SendMessage'], [props.queues.undelivered.queueArn])] : []),
        ...FUNCTION_PERMISSIONS[name](props),
      ],
    });
    const made = new LambdaFunction(scope, 'Function', {
      functionName: functionName(props.platform, name),
      description: entry.description,
      runtime: Runtime.NODEJS_24_X,
      architecture: entry.duckdb ? Architecture.X86_64 : Architecture.ARM_64,
      layers: entry.duckdb ? [layer] : [],
      handler: 'index.handler',
      code: Code.fromAsset(bundleOf(name, props)),
      memorySize: entry.memoryMegabytes,
      ephemeralStorageSize: Size.mebibytes(entry.ephemeralMegabytes),
      timeout: Duration.seconds(entry.timeoutSeconds),
      role: role.withoutPolicyUpdates(),
      logGroup,
      tracing: Tracing.ACTIVE,
      environment: environmentOf(props),
      environmentEncryption: props.keys.data,
      ...(asynchronous ? { deadLetterQueue: props.queues.undelivered } : {}),
    });
    made.node.addDependency(policy);
    return made;
  }
}

function bundleOf(name: FunctionName, { bundles }: FunctionsProps): string {
  const folder = bundles.get(name);
  if (folder === undefined) throw new Error(`function ${name} was not bundled`);
  return folder;
}

function environmentOf({ platform, storage, alerts, runbookUrl }: FunctionsProps): { [name: string]: string } {
  const environment: Environment = {
    MODELWAY_PLATFORM: platform,
    MODELWAY_LAKE_BUCKET: storage.lake.bucketName,
    MODELWAY_AUDIT_BUCKET: storage.audit.bucketName,
    MODELWAY_TABLE: storage.lineage.tableName,
    MODELWAY_TOPIC_ARN: alerts.topic.topicArn,
    MODELWAY_RUNBOOK_URL: runbookUrl,
  };
  return { ...environment };
}
