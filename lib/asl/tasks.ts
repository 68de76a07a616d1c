import { expression, type Json, type Retrier, type TaskState } from './states.ts';

/** What every task leaves to its place in the machine. */
export interface Placement {
  readonly Next: string;
  readonly Catch: TaskState['Catch'];
  readonly Assign?: TaskState['Assign'];
  readonly Comment?: string;
}

/** What a service throws when it is busy or unwell; anything else is worth no second try. */
const TRANSIENT = {
  lambda: [
    'Lambda.ServiceException',
    'Lambda.AWSLambdaException',
    'Lambda.SdkClientException',
    'Lambda.ClientExecutionTimeoutException',
  ],
  sagemaker: ['SageMaker.AmazonSageMakerException', 'SageMaker.SageMakerException', 'SageMaker.SdkClientException'],
  dynamodb: [
    'DynamoDb.ProvisionedThroughputExceededException',
    'DynamoDb.RequestLimitExceededException',
    'DynamoDb.ThrottlingException',
    'DynamoDb.InternalServerErrorException',
    'DynamoDb.DynamoDbException',
    'DynamoDb.SdkClientException',
  ],
  cloudwatch: [
    'CloudWatch.CloudWatchException',
    'CloudWatch.InternalServiceFaultException',
    'CloudWatch.SdkClientException',
  ],
  s3: ['S3.S3Exception', 'S3.SdkClientException'],
  ssm: ['Ssm.InternalServerErrorException', 'Ssm.SsmException', 'Ssm.SdkClientException'],
  states: ['StepFunctions.AWSStepFunctionsException', 'StepFunctions.SdkClientException'],
} as const satisfies Record<string, readonly string[]>;
type Service = keyof typeof TRANSIENT;

/** Four more tries over half a minute, spread so that many executions do not come back together. */
export const retry = (service: Service): Retrier => ({
  ErrorEquals: TRANSIENT[service],
  IntervalSeconds: 2,
  MaxAttempts: 4,
  BackoffRate: 2,
  MaxDelaySeconds: 30,
  JitterStrategy: 'FULL',
});

/** No free concurrent execution: a matter of waiting, for half an hour or so, until a burst of uploads has gone through. */
const THROTTLED: Retrier = {
  ErrorEquals: ['Lambda.TooManyRequestsException'],
  IntervalSeconds: 5,
  MaxAttempts: 20,
  BackoffRate: 2,
  MaxDelaySeconds: 120,
  JitterStrategy: 'FULL',
};

/** Invokes one of the platform's functions; its answer is `$states.result.Payload`. */
export function invoke(
  functionArn: string,
  timeoutSeconds: number,
  payload: Readonly<Record<string, Json>>,
  placement: Placement,
): TaskState {
  return {
    Type: 'Task',
    Resource: 'arn:aws:states:::lambda:invoke',
    Arguments: { FunctionName: functionArn, Payload: payload },
    // Longer than the function's own limit, so that the function's error is seen and not ours.
    TimeoutSeconds: timeoutSeconds + 30,
    Retry: [THROTTLED, retry('lambda')],
    ...placement,
  };
}

/** One call of an AWS API through the SDK integration. */
export function call(
  service: 'sagemaker' | 'dynamodb' | 'cloudwatch' | 's3' | 'ssm',
  operation: string,
  args: Readonly<Record<string, Json>>,
  placement: Placement,
): TaskState {
  return {
    Type: 'Task',
    Resource: `arn:aws:states:::aws-sdk:${service}:${operation}`,
    Arguments: args,
    TimeoutSeconds: 60,
    Retry: [retry(service)],
    ...placement,
  };
}

/** Starts another machine and goes on. The name makes a second start of the same thing a no-op while the first still runs. */
export function startExecution(machineArn: string, name: string, input: Json, placement: Placement): TaskState {
  return {
    Type: 'Task',
    Resource: 'arn:aws:states:::states:startExecution',
    Arguments: { StateMachineArn: machineArn, Name: name, Input: input },
    TimeoutSeconds: 60,
    Retry: [retry('states')],
    ...placement,
    Catch: [
      { ErrorEquals: ['StepFunctions.ExecutionAlreadyExistsException'], Next: placement.Next },
      ...placement.Catch,
    ],
  };
}

/** Makes a name that a retried call never used before: the second try of a call whose answer was lost must not collide with the first. */
export const nameOfTry = (base: string): string =>
  expression(`${base} & '-' & $string($states.context.State.RetryCount)`);
