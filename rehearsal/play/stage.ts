import { type CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { S3Client } from '@aws-sdk/client-s3';
import type { SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import { DescribeStateMachineCommand, type SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import type { PlatformConfig } from '../../contracts/model-config.ts';
import { ALARMS, alarmName, endpointName, MACHINES, machineName, tableName } from '../../contracts/names.ts';
import type { ExecutionResult, Stage } from '../../contracts/scenario.ts';
import { executionResult, lastState, listExecutions } from './executions.ts';
import { lakeVisitor } from './lake.ts';
import { lineageReader } from './lineage.ts';
import { StoryError } from './story-error.ts';
import type { StoryLog } from './story-log.ts';
import { predict } from './traffic.ts';

/** What a stage needs of the running emulator. */
export interface World {
  readonly s3: S3Client;
  readonly sfn: SFNClient;
  readonly dynamodb: DynamoDBClient;
  readonly cloudwatch: CloudWatchClient;
  readonly runtime: SageMakerRuntimeClient;
  readonly lakeBucket: string;
  readonly auditBucket: string;
  readonly machineArn: (machine: string) => string;
  /** Virtual time now. */
  now(): Date;
  /** Lets virtual time pass until `to`; resolves when it is reached and nothing works any more. */
  advance(to: Date): Promise<void>;
}

const POLL_SECONDS = 30;

/**
 * The stage a scenario plays on: every act goes over the AWS API, as a user's or a caller's would.
 * @param afterStage done whenever a stage of the story ended; left out: nothing
 */
export function buildStage(
  world: World,
  platform: PlatformConfig,
  model: string,
  folder: string,
  log: StoryLog,
  afterStage: () => Promise<void> = async () => undefined,
): Stage {
  const lake = lakeVisitor(world.s3, world.lakeBucket, model);
  const lineage = lineageReader(world.dynamodb, tableName(platform.name), model);
  const arnOf = (kind: (typeof MACHINES)[number]) => world.machineArn(machineName(platform.name, model, kind));

  const finished = async (machine: string, since: Date, limitSeconds: number): Promise<ExecutionResult> => {
    const kind = MACHINES.find((name) => name === machine);
    if (kind === undefined) throw new StoryError(`no such machine: ${machine}; machines are ${MACHINES.join(', ')}`);
    const deadline = world.now().getTime() + limitSeconds * 1000;
    for (;;) {
      const newest = (await listExecutions(world.sfn, arnOf(kind)))
        .filter((execution) => execution.startedAt >= since)
        .at(-1);
      const result = newest === undefined ? undefined : await executionResult(world.sfn, newest.arn);
      if (result !== undefined && newest !== undefined) return explained(world, newest.arn, result);
      if (world.now().getTime() >= deadline) {
        const where =
          newest === undefined
            ? 'it was never started'
            : `execution ${newest.name} is in ${await lastState(world.sfn, newest.arn)}`;
        throw new StoryError(`the ${kind} machine did not end within ${limitSeconds} virtual seconds: ${where}`);
      }
      await world.advance(new Date(world.now().getTime() + POLL_SECONDS * 1000));
    }
  };

  const sourceBundleUri = async () => {
    const machine = await world.sfn.send(new DescribeStateMachineCommand({ stateMachineArn: arnOf('training') }));
    const uri = /s3:\/\/[^"'\\\s]+\.gz/.exec(machine.definition ?? '')?.[0];
    if (uri === undefined) throw new StoryError('the training machine names no source bundle');
    return uri;
  };

  return {
    platform,
    folder,
    now: world.now,
    stage: async (name, act) => {
      const result = await log.stage(name, act);
      await afterStage();
      return result;
    },
    advanceTo: world.advance,
    upload: async (path, name) => {
      const version = await lake.upload(path, name);
      log.note(world.now(), `uploaded ${name}`, 'user', version);
      return version;
    },
    predict: (instances, inferenceId) =>
      predict(world.runtime, endpointName(platform.name, model), instances, inferenceId),
    finished,
    retrain: async ({ cause, datasetVersions, sourceFolder }) => {
      const codeUri =
        sourceFolder === undefined ? undefined : await lake.uploadSource(sourceFolder, await sourceBundleUri());
      const input = {
        trigger: 'manual',
        cause,
        ...(datasetVersions === undefined ? {} : { datasetVersions }),
        ...(codeUri === undefined ? {} : { codeUri }),
      };
      await world.sfn.send(
        new StartExecutionCommand({ stateMachineArn: arnOf('retraining'), input: JSON.stringify(input) }),
      );
      log.note(world.now(), `asked for a training run: ${cause}`, 'user', codeUri ?? '');
    },
    reproduceLive: async () => {
      const run = (await lineage.live())?.runId;
      if (run === undefined) throw new StoryError('nothing serves yet, so there is nothing to reproduce');
      const input = JSON.stringify({ reproduce: run });
      await world.sfn.send(new StartExecutionCommand({ stateMachineArn: arnOf('reproduction'), input }));
      log.note(world.now(), 'asked whether the live model can be rebuilt', 'user', run);
    },
    datasetVersions: lineage.datasetVersions,
    alarmStates: async () => {
      const names = new Map(ALARMS.map((kind) => [alarmName(platform.name, model, kind), kind]));
      const page = await world.cloudwatch.send(new DescribeAlarmsCommand({ AlarmNames: [...names.keys()] }));
      return Object.fromEntries(
        (page.MetricAlarms ?? []).map((alarm) => [names.get(alarm.AlarmName ?? '') ?? '', alarm.StateValue ?? '']),
      );
    },
    newestReport: lake.newestReport,
    live: async () => (await lineage.live())?.packageArn,
    expect: (condition, message) => {
      if (!condition) throw new StoryError(message);
    },
    note: (what, who, ref) => log.note(world.now(), what, who, ref ?? ''),
    figure: log.figure,
  };
}

async function explained(world: World, arn: string, result: ExecutionResult): Promise<ExecutionResult> {
  if (result.status === 'SUCCEEDED') return result;
  const state = await lastState(world.sfn, arn);
  return { ...result, cause: `in state ${state} of ${arn}: ${result.cause ?? 'no cause given'}` };
}
