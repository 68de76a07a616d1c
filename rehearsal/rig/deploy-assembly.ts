import {
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStacksCommand,
  type Stack,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation';
import { PutParameterCommand } from '@aws-sdk/client-ssm';
import { type AssembledStack, readAssembly } from './assembly.ts';
import { type AwsClients, REGION } from './aws-clients.ts';
import { whyStackFailed } from './stack-failure.ts';
import type { Emulator } from './start-emulator.ts';
import { uploadAssets } from './upload-assets.ts';

/** Newer than any version that templates of today demand. */
const BOOTSTRAP_VERSION = '30';
const POLL_MS = 15;
const DEADLINE_SECONDS = 60;
const CAPABILITIES = ['CAPABILITY_IAM', 'CAPABILITY_NAMED_IAM', 'CAPABILITY_AUTO_EXPAND'] as const;

/** A stack that stands. */
export interface DeployedStack {
  readonly name: string;
  readonly outputs: Readonly<Record<string, string>>;
  readonly milliseconds: number;
}

/** What stands ready to deploy to. */
type Deployment = Pick<Emulator, 'aws' | 'control'>;

export interface DeployOptions {
  /** Real seconds one stack may take; left out: 60. A custom resource that never answers would otherwise hang for an hour. */
  readonly deadlineSeconds?: number;
  /** Stacks to deploy, by name; left out: all of the assembly. */
  readonly stacks?: readonly string[];
}

/**
 * Deploys the stacks of the assembly in `folder`, unedited and in order, as `cdk deploy --all` does; a stack that stands is updated.
 * @throws with the resource that failed and why, and the log of a custom resource's function
 */
export async function deployAssembly(
  { aws, control }: Deployment,
  folder: string,
  options: DeployOptions = {},
): Promise<readonly DeployedStack[]> {
  const stacks = readAssembly(folder).filter((stack) => options.stacks?.includes(stack.name) ?? true);
  await uploadAssets(
    aws.s3,
    control,
    stacks.flatMap((stack) => stack.assets),
  );
  const deployed: DeployedStack[] = [];
  for (const stack of stacks) deployed.push(await deployStack(aws, stack, options.deadlineSeconds ?? DEADLINE_SECONDS));
  return deployed;
}

/** Deletes the stacks of the assembly in `folder`, the last first, as `cdk destroy --all` does. @throws like `deployAssembly` */
export async function destroyAssembly({ aws }: Deployment, folder: string, options: DeployOptions = {}): Promise<void> {
  const stacks = readAssembly(folder).filter((stack) => options.stacks?.includes(stack.name) ?? true);
  for (const { name } of [...stacks].reverse()) {
    const stack = await describe(aws, name);
    if (stack?.StackId === undefined) continue;
    await aws.cloudformation.send(new DeleteStackCommand({ StackName: name }));
    await settled(aws, stack.StackId, 'DELETE_COMPLETE', options.deadlineSeconds ?? DEADLINE_SECONDS);
  }
}

async function deployStack(aws: AwsClients, stack: AssembledStack, deadlineSeconds: number): Promise<DeployedStack> {
  const began = performance.now();
  if (stack.bootstrapVersionParameter !== undefined) {
    const version = { Name: stack.bootstrapVersionParameter, Type: 'String', Value: BOOTSTRAP_VERSION } as const;
    await aws.ssm.send(new PutParameterCommand({ ...version, Overwrite: true }));
  }
  const request = {
    StackName: stack.name,
    TemplateURL: templateUrl(stack),
    Capabilities: [...CAPABILITIES],
    Parameters: Object.entries(stack.parameters).map(([key, value]) => ({ ParameterKey: key, ParameterValue: value })),
  };
  const standing = await describe(aws, stack.name);
  const wanted = standing === undefined ? 'CREATE_COMPLETE' : 'UPDATE_COMPLETE';
  if (standing === undefined) await aws.cloudformation.send(new CreateStackCommand(request));
  else if (!(await update(aws, request))) return deployedStack(standing, began);
  return deployedStack(await settled(aws, stack.name, wanted, deadlineSeconds), began);
}

/** CDK uploads each template as an asset of its own stack; templates are too large to travel inside a request. */
function templateUrl(stack: AssembledStack): string {
  const asset = stack.assets.find((candidate) => candidate.path === stack.template);
  if (asset === undefined) throw new Error(`the assembly has no asset for ${stack.template}; synthesize it again`);
  return `https://s3.${REGION}.amazonaws.com/${asset.bucket}/${asset.key}`;
}

/** False when there was nothing to change, which CloudFormation calls an error. */
async function update(aws: AwsClients, request: UpdateStackCommand['input']): Promise<boolean> {
  try {
    await aws.cloudformation.send(new UpdateStackCommand(request));
    return true;
  } catch (error) {
    if (error instanceof Error && error.message.includes('No updates are to be performed')) return false;
    throw error;
  }
}

async function settled(aws: AwsClients, name: string, wanted: string, deadlineSeconds: number): Promise<Stack> {
  const deadline = Date.now() + deadlineSeconds * 1000;
  for (;;) {
    const stack = await describe(aws, name);
    const status = stack?.StackStatus ?? 'gone';
    if (stack !== undefined && status === wanted) return stack;
    const hangs = status.endsWith('IN_PROGRESS') && Date.now() > deadline;
    if (hangs || !status.endsWith('IN_PROGRESS')) {
      const what = hangs ? `is still ${status} after ${deadlineSeconds} s` : `ended ${status}`;
      throw new Error(`stack ${name} ${what}, not ${wanted}\n${await whyStackFailed(aws, name)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

async function describe(aws: AwsClients, name: string): Promise<Stack | undefined> {
  try {
    const answer = await aws.cloudformation.send(new DescribeStacksCommand({ StackName: name }));
    return answer.Stacks?.[0];
  } catch (error) {
    if (error instanceof Error && /does not exist/.test(error.message)) return undefined;
    throw error;
  }
}

function deployedStack(stack: Stack, began: number): DeployedStack {
  const outputs = (stack.Outputs ?? []).flatMap(({ OutputKey: key, OutputValue: value }) =>
    key === undefined || value === undefined ? [] : [[key, value] as const],
  );
  return {
    name: stack.StackName ?? '',
    outputs: Object.fromEntries(outputs),
    milliseconds: Math.round(performance.now() - began),
  };
}
