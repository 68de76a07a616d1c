import { ModelwayError } from '../../contracts/problems.ts';

/** Where a function runs: what the ARNs of its neighbours begin with. */
export interface Account {
  readonly partition: string;
  readonly region: string;
  readonly account: string;
}

/** Reads partition, region and account off a function's own ARN. */
export function accountOf(invokedFunctionArn: string): Account {
  const [, partition, , region, account] = invokedFunctionArn.split(':');
  if (partition && region && account) return { partition, region, account };
  throw new ModelwayError('invalid-arn', 'aws', [
    { path: 'invokedFunctionArn', message: 'is not the ARN of a function', got: invokedFunctionArn },
  ]);
}

/** ARN of a state machine beside the function. */
export function stateMachineArn({ partition, region, account }: Account, name: string): string {
  return `arn:${partition}:states:${region}:${account}:stateMachine:${name}`;
}
