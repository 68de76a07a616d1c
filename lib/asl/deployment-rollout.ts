import { endpointName, VARIANT_NAME } from '../../contracts/names.ts';
import { SERVING_ENVIRONMENT } from '../../contracts/training-job.ts';
import { BUSY, type DeploymentContext } from './deployment-context.ts';
import { caughtLocked } from './deployment-lock.ts';
import { EMPTY, expression, type Json, type State } from './states.ts';
import { call, nameOfTry, retry } from './tasks.ts';

/** Longest wait for an endpoint that somebody else is changing: two hours. */
const MOST_IDLE_WAITS = 120;
const MOST_ALARM_WAITS = 30;

/** Looks for the endpoint, makes SageMaker Model and endpoint config, and creates the endpoint when there is none. */
export function createStates(context: DeploymentContext): Readonly<Record<string, State>> {
  const endpoint = { EndpointName: expression('$endpoint') };
  return {
    FindEndpoint: call('sagemaker', 'describeEndpoint', endpoint, {
      Assign: {
        previousConfig: expression('$states.result.EndpointConfigName'),
        status: expression('$states.result.EndpointStatus'),
      },
      Next: 'CanDeploy?',
      Catch: caughtLocked.map((catcher) => ({ ...catcher, Next: 'Missing?' })),
    }),
    'Missing?': {
      Type: 'Choice',
      Choices: [
        { Condition: expression("$contains($string($reason.Cause), 'Could not find endpoint')"), Next: 'Missing' },
      ],
      Default: 'ReleaseAfterFailure',
    },
    Missing: { Type: 'Pass', Assign: { status: 'Missing', previousConfig: EMPTY }, Next: 'CreateModel' },
    'CanDeploy?': {
      Type: 'Choice',
      Choices: [
        { Condition: expression("$status = 'InService'"), Next: 'CreateModel' },
        { Condition: expression("$status = 'Failed'"), Next: 'DeleteFailedEndpoint' },
        { Condition: expression(`$status in ${BUSY} and $idleWaits < ${MOST_IDLE_WAITS}`), Next: 'WaitIdle' },
      ],
      Default: 'NotAtRest',
    },
    WaitIdle: { Type: 'Wait', Seconds: 60, Assign: { idleWaits: expression('$idleWaits + 1') }, Next: 'FindEndpoint' },
    DeleteFailedEndpoint: call('sagemaker', 'deleteEndpoint', endpoint, {
      Assign: { idleWaits: expression('$idleWaits + 1') },
      Next: 'WaitIdle',
      Catch: caughtLocked,
    }),
    NotAtRest: {
      Type: 'Pass',
      Assign: {
        reason: {
          Error: 'EndpointNotAtRest',
          Cause: expression("'the endpoint is ' & $status & ' and cannot be updated'"),
        },
        failedIn: 'FindEndpoint',
      },
      Next: 'Stuck',
    },
    CreateModel: call('sagemaker', 'createModel', modelRequest(context), {
      Assign: { modelName: nameOfTry('$base') },
      Next: 'CreateEndpointConfig',
      Catch: caughtLocked,
    }),
    CreateEndpointConfig: call('sagemaker', 'createEndpointConfig', endpointConfig(context), {
      Assign: { config: nameOfTry('$base') },
      Next: 'CreateOrUpdate?',
      Catch: caughtLocked,
    }),
    'CreateOrUpdate?': {
      Type: 'Choice',
      Choices: [{ Condition: expression("$status = 'Missing'"), Next: 'CreateEndpoint' }],
      Default: 'PutAlarms',
    },
    CreateEndpoint: call(
      'sagemaker',
      'createEndpoint',
      { ...endpoint, EndpointConfigName: expression('$config') },
      { Next: 'WaitDeploy', Catch: doubted },
    ),
  };
}

/** Points the green alarms at the new fleet, waits until none stands, and starts the update. */
export function updateStates(context: DeploymentContext): Readonly<Record<string, State>> {
  return {
    PutAlarms: {
      Type: 'Map',
      Items: expression('$spec.greenAlarms'),
      MaxConcurrency: 1,
      ItemProcessor: {
        ProcessorConfig: { Mode: 'INLINE' },
        StartAt: 'PutAlarm',
        States: { PutAlarm: putAlarm(context) },
      },
      Next: 'ReadAlarms',
      Catch: caughtLocked,
    },
    ReadAlarms: call(
      'cloudwatch',
      'describeAlarms',
      { AlarmNames: expression('[$spec.greenAlarms.name]') },
      {
        Assign: { standing: expression("[$states.result.MetricAlarms[StateValue = 'ALARM'].AlarmName]") },
        Next: 'Quiet?',
        Catch: caughtLocked,
      },
    ),
    'Quiet?': {
      Type: 'Choice',
      Choices: [
        { Condition: expression('$count($standing) = 0'), Next: 'UpdateEndpoint' },
        // An alarm that stands from the deployment before would roll this one back at once.
        { Condition: expression(`$alarmWaits < ${MOST_ALARM_WAITS}`), Next: 'WaitQuiet' },
      ],
      Default: 'AlarmsStand',
    },
    WaitQuiet: { Type: 'Wait', Seconds: 60, Assign: { alarmWaits: expression('$alarmWaits + 1') }, Next: 'ReadAlarms' },
    AlarmsStand: {
      Type: 'Pass',
      Assign: {
        reason: { Error: 'AlarmsStand', Cause: expression("'these alarms do not go off: ' & $join($standing, ', ')") },
        failedIn: 'ReadAlarms',
      },
      Next: 'ReleaseAfterFailure',
    },
    UpdateEndpoint: call(
      'sagemaker',
      'updateEndpoint',
      {
        EndpointName: expression('$endpoint'),
        EndpointConfigName: expression('$config'),
        DeploymentConfig: expression('$spec.deploymentConfig'),
      },
      { Next: 'WaitDeploy', Catch: doubted },
    ),
    // The answer of a call that worked may be lost; then the second try is refused because the first one is under way.
    ConfirmStarted: call(
      'sagemaker',
      'describeEndpoint',
      { EndpointName: expression('$endpoint') },
      {
        Assign: {
          pending: expression(
            '$exists($states.result.PendingDeploymentSummary) ? $states.result.PendingDeploymentSummary.EndpointConfigName : $states.result.EndpointConfigName',
          ),
        },
        Next: 'Started?',
        Catch: [{ ErrorEquals: ['States.ALL'], Next: 'ReleaseAfterFailure' }],
      },
    ),
    'Started?': {
      Type: 'Choice',
      Choices: [{ Condition: expression('$pending = $config'), Next: 'WaitDeploy' }],
      Default: 'ReleaseAfterFailure',
    },
  };
}

const doubted = caughtLocked.map((catcher) => ({ ...catcher, Next: 'ConfirmStarted' }));

function modelRequest({ model, region, vpc, endpointRoleArn }: DeploymentContext): Readonly<Record<string, Json>> {
  return {
    ModelName: nameOfTry('$base'),
    ExecutionRoleArn: endpointRoleArn,
    EnableNetworkIsolation: true,
    VpcConfig: vpc,
    PrimaryContainer: {
      ModelPackageName: expression('$package'),
      Environment: {
        ...SERVING_ENVIRONMENT,
        SAGEMAKER_REGION: region,
        MODELWAY_MODEL: model.name,
        MODELWAY_MODEL_PACKAGE: expression('$package'),
        MODELWAY_EMIT: '1',
      },
    },
  };
}

function endpointConfig({ keyArn }: DeploymentContext): Readonly<Record<string, Json>> {
  return {
    EndpointConfigName: nameOfTry('$base'),
    KmsKeyId: keyArn,
    ProductionVariants: [
      {
        VariantName: expression('$spec.variantName'),
        ModelName: expression('$modelName'),
        InstanceType: expression('$spec.instanceType'),
        InitialInstanceCount: expression('$spec.instanceCount'),
        InitialVariantWeight: 1,
      },
    ],
    DataCaptureConfig: {
      EnableCapture: true,
      InitialSamplingPercentage: 100,
      DestinationS3Uri: expression('$spec.captureUri'),
      KmsKeyId: keyArn,
      CaptureOptions: [{ CaptureMode: 'Input' }, { CaptureMode: 'Output' }],
      // Without these every body is captured as base64.
      CaptureContentTypeHeader: {
        CsvContentTypes: ['text/csv'],
        JsonContentTypes: ['application/json', 'application/jsonlines'],
      },
    },
  };
}

function putAlarm({ model, platform, topicArn, greenAlarmDescription }: DeploymentContext) {
  const args: Readonly<Record<string, Json>> = {
    AlarmName: expression('$states.input.name'),
    AlarmDescription: greenAlarmDescription,
    ActionsEnabled: true,
    AlarmActions: [topicArn],
    Namespace: 'AWS/SageMaker',
    MetricName: expression('$states.input.metricName'),
    Dimensions: [
      { Name: 'EndpointName', Value: endpointName(platform, model.name) },
      { Name: 'VariantName', Value: VARIANT_NAME },
      // Metrics carry this dimension once the new fleet has traffic: the alarm sees that fleet alone.
      { Name: 'EndpointConfigName', Value: expression('$config') },
    ],
    Statistic: expression('$states.input.statistic'),
    Period: expression('$states.input.periodSeconds'),
    EvaluationPeriods: 1,
    Threshold: expression('$states.input.threshold'),
    ComparisonOperator: 'GreaterThanThreshold',
    TreatMissingData: 'notBreaching',
  };
  return {
    Type: 'Task',
    Resource: 'arn:aws:states:::aws-sdk:cloudwatch:putMetricAlarm',
    Arguments: args,
    TimeoutSeconds: 60,
    Retry: [retry('cloudwatch')],
    End: true,
  } as const;
}
