import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { StartExecutionCommand, StopExecutionCommand } from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { machineName, tableName } from '../../contracts/names.ts';
import { lineageReader } from '../../rehearsal/play/lineage.ts';
import { worldOf } from '../../rehearsal/play/rehearse.ts';
import { synthesize } from '../../rehearsal/play/synthesize.ts';
import { deployAssembly } from '../../rehearsal/rig/deploy-assembly.ts';
import { type Emulator, startEmulator } from '../../rehearsal/rig/start-emulator.ts';
import { CHECKOUT } from './run-modelway.ts';

const MODEL = 'flight-delay';

describe('an execution that somebody aborts', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'modelway-aborted-'));
  let emulator: Emulator;

  beforeAll(async () => {
    const assembly = path.join(folder, 'cdk.out');
    await synthesize(CHECKOUT, assembly);
    emulator = await startEmulator({ startsAt: new Date('2001-02-01T01:00:00Z') });
    const outputs = Object.assign({}, ...(await deployAssembly(emulator, assembly)).map((stack) => stack.outputs));
    const stateMachineArn = worldOf(emulator, outputs).machineArn(machineName('modelway', MODEL, 'training'));
    const input = { trigger: 'manual', reason: 'a test', datasetVersions: ['0'.repeat(32)] };
    const { sfn } = emulator.aws;
    await emulator.control.hold();
    const started = await sfn.send(
      new StartExecutionCommand({ stateMachineArn, name: 'cut-off', input: JSON.stringify(input) }),
    );
    await sfn.send(new StopExecutionCommand({ executionArn: started.executionArn }));
    await emulator.control.release();
    await emulator.control.advanceBy(600);
  });

  afterAll(async () => {
    await emulator?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('is recorded as a failure, though none of its states could', async () => {
    const failures = await lineageReader(emulator.aws.dynamodb, tableName('modelway'), MODEL).records('failure');
    expect(failures.map(({ id }) => id)).toContain('cut-off');
    expect(JSON.parse(failures.find(({ id }) => id === 'cut-off')?.detail ?? '{}')).toMatchObject({
      status: 'ABORTED',
    });
  });

  it('is announced with the article of the runbook', async () => {
    const told = (await emulator.control.notifications()).filter(({ subject }) => /execution stopped/.test(subject));
    expect(told).toHaveLength(1);
    expect(told[0]?.message).toMatch(/cut-off .*ended ABORTED[\s\S]*#alarm-monitor-late/);
  });

  it('needed no right that the templates do not give', async () => {
    expect(await emulator.control.problems()).toEqual([]);
  });
});
