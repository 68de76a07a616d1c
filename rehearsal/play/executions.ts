import {
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  type SFNClient,
} from '@aws-sdk/client-sfn';
import type { ExecutionResult } from '../../contracts/scenario.ts';

/** One execution as the timeline shows it; times are virtual. */
export interface ExecutionSummary {
  readonly arn: string;
  readonly name: string;
  readonly status: string;
  readonly startedAt: Date;
  readonly endedAt: Date | undefined;
}

/** All executions of a machine, oldest first. */
export async function listExecutions(sfn: SFNClient, machineArn: string): Promise<ExecutionSummary[]> {
  const found: ExecutionSummary[] = [];
  let nextToken: string | undefined;
  do {
    const page = await sfn.send(new ListExecutionsCommand({ stateMachineArn: machineArn, nextToken }));
    for (const execution of page.executions ?? []) {
      const { executionArn, name, status, startDate, stopDate } = execution;
      if (executionArn === undefined || name === undefined || startDate === undefined) continue;
      found.push({ arn: executionArn, name, status: status ?? 'RUNNING', startedAt: startDate, endedAt: stopDate });
    }
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  return found.sort((a, b) => a.startedAt.getTime() - b.startedAt.getTime());
}

/** The outcome of an execution, or undefined while it runs. */
export async function executionResult(sfn: SFNClient, arn: string): Promise<ExecutionResult | undefined> {
  const execution = await sfn.send(new DescribeExecutionCommand({ executionArn: arn }));
  const { status } = execution;
  if (status !== 'SUCCEEDED' && status !== 'FAILED' && status !== 'TIMED_OUT' && status !== 'ABORTED') return undefined;
  return {
    name: execution.name ?? '',
    status,
    output: execution.output === undefined ? undefined : JSON.parse(execution.output),
    ...(execution.error === undefined ? {} : { error: execution.error }),
    ...(execution.cause === undefined ? {} : { cause: execution.cause }),
  };
}

/** The state an execution was in last, for a failure's message. */
export async function lastState(sfn: SFNClient, arn: string): Promise<string> {
  const history = await sfn.send(
    new GetExecutionHistoryCommand({ executionArn: arn, reverseOrder: true, maxResults: 50 }),
  );
  const entered = history.events?.find((event) => event.stateEnteredEventDetails !== undefined);
  return entered?.stateEnteredEventDetails?.name ?? 'no state entered';
}
