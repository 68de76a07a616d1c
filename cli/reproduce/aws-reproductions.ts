import { setTimeout } from 'node:timers/promises';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import {
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import type { ReproductionInput } from '../../contracts/machines.ts';
import { machineName, stackName } from '../../contracts/names.ts';
import { ModelwayError } from '../../contracts/problems.ts';
import type { Progress, ReproductionService } from './reproduction-service.ts';

const LOOK_EVERY_SECONDS = 10;

/** The reproduction machine of a deployed model, called with the caller's own credentials. */
export function awsReproductions(platform: string, model: string): ReproductionService {
  const sfn = new SFNClient({});
  return {
    start: (run) =>
      reached(async () => {
        const input: ReproductionInput = { reproduce: run };
        const stateMachineArn = await machineArn(platform, model);
        const started = await sfn.send(new StartExecutionCommand({ stateMachineArn, input: JSON.stringify(input) }));
        return started.executionArn ?? '';
      }),
    look: (execution) => reached(() => look(sfn, execution)),
    pause: () => setTimeout(LOOK_EVERY_SECONDS * 1000),
  };
}

async function look(sfn: SFNClient, executionArn: string): Promise<Progress> {
  const { status, output, error, cause } = await sfn.send(new DescribeExecutionCommand({ executionArn }));
  if (status === 'SUCCEEDED') return { kind: 'succeeded', output: output ?? '' };
  if (status !== 'RUNNING') return { kind: 'failed', reason: [status, error, cause].filter(Boolean).join(': ') };
  const history = await sfn.send(
    new GetExecutionHistoryCommand({ executionArn, reverseOrder: true, maxResults: 20, includeExecutionData: false }),
  );
  const entered = history.events?.find((event) => event.stateEnteredEventDetails !== undefined);
  return { kind: 'running', state: entered?.stateEnteredEventDetails?.name ?? 'Begin' };
}

/** Region and account are those of the model's stack. */
async function machineArn(platform: string, model: string): Promise<string> {
  const name = stackName.model(platform, model);
  const answer = await new CloudFormationClient({}).send(new DescribeStacksCommand({ StackName: name }));
  const [, partition, , region, account] = (answer.Stacks?.[0]?.StackId ?? '').split(':');
  return `arn:${partition}:states:${region}:${account}:stateMachine:${machineName(platform, model, 'reproduction')}`;
}

async function reached<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (cause) {
    const message = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
    const fix = 'check credentials, region (AWS_PROFILE, AWS_REGION) and that the model is deployed';
    throw new ModelwayError('aws-unreachable', 'aws', [{ path: 'AWS', message, fix }], { cause });
  }
}
