import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { ListBucketsCommand } from '@aws-sdk/client-s3';
import {
  ListEndpointConfigsCommand,
  ListEndpointsCommand,
  ListModelPackageGroupsCommand,
  ListModelsCommand,
} from '@aws-sdk/client-sagemaker';
import { ListStateMachinesCommand } from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parsePlatform } from '../../contracts/model-config.ts';
import { prepareFlights } from '../../examples/flight-delay/data/prepare.ts';
import { firstModel } from '../../examples/flight-delay/story/first-model.ts';
import config from '../../modelway.config.ts';
import { worldOf } from '../../rehearsal/play/rehearse.ts';
import { buildStage } from '../../rehearsal/play/stage.ts';
import { storyLog } from '../../rehearsal/play/story-log.ts';
import { synthesize } from '../../rehearsal/play/synthesize.ts';
import { deployAssembly, destroyAssembly } from '../../rehearsal/rig/deploy-assembly.ts';
import { type Emulator, startEmulator } from '../../rehearsal/rig/start-emulator.ts';
import { CHECKOUT } from './run-modelway.ts';

describe('cdk destroy after a model served', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'modelway-destroy-'));
  let emulator: Emulator;
  let lake = '';

  beforeAll(async () => {
    const assembly = path.join(folder, 'cdk.out');
    await synthesize(CHECKOUT, assembly);
    emulator = await startEmulator({ startsAt: new Date('2001-02-01T01:00:00Z') });
    const outputs = Object.assign({}, ...(await deployAssembly(emulator, assembly)).map((stack) => stack.outputs));
    const world = worldOf(emulator, outputs);
    lake = world.lakeBucket;
    const log = storyLog(() => undefined);
    await firstModel(buildStage(world, parsePlatform(config), 'flight-delay', folder, log), await prepareFlights());
    expect((await emulator.aws.sagemaker.send(new ListEndpointsCommand({}))).Endpoints).toHaveLength(1);
    await destroyAssembly(emulator, assembly);
  });

  afterAll(async () => {
    await emulator?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('leaves no endpoint, endpoint config, model or model package group', async () => {
    const { sagemaker } = emulator.aws;
    expect((await sagemaker.send(new ListEndpointsCommand({}))).Endpoints).toEqual([]);
    expect((await sagemaker.send(new ListEndpointConfigsCommand({}))).EndpointConfigs).toEqual([]);
    expect((await sagemaker.send(new ListModelsCommand({}))).Models).toEqual([]);
    expect((await sagemaker.send(new ListModelPackageGroupsCommand({}))).ModelPackageGroupSummaryList).toEqual([]);
  });

  it('leaves no function and no state machine', async () => {
    expect((await emulator.aws.lambda.send(new ListFunctionsCommand({}))).Functions).toEqual([]);
    expect((await emulator.aws.sfn.send(new ListStateMachinesCommand({}))).stateMachines).toEqual([]);
  });

  it('keeps data, audit records and lineage, as the retention policy says', async () => {
    const buckets = (await emulator.aws.s3.send(new ListBucketsCommand({}))).Buckets?.map(({ Name }) => Name);
    expect(buckets).toContain(lake);
    expect((await emulator.aws.dynamodb.send(new ListTablesCommand({}))).TableNames).toContain('modelway-lineage');
  });

  it('needed no right that the templates do not give', async () => {
    expect(await emulator.control.problems()).toEqual([]);
  });
});
