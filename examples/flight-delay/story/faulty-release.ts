import { fileURLToPath } from 'node:url';
import type { Stage } from '../../../contracts/scenario.ts';
import type { Callers } from './callers.ts';
import { field, hoursAfter, succeeded, versionOf } from './outcome.ts';

/** Minutes of traffic around a deployment: a new fleet, ten minutes of bake, the end of the old fleet, with some to spare. */
export const DEPLOYMENT_MINUTES = 22;
export const CALLS_A_MINUTE = 7;

const FAULTY_SOURCE = fileURLToPath(new URL('../faulty-release', import.meta.url));

/**
 * A release whose serving code fails for single flights without a known delay. It scores the test set well, so the gates let it
 * pass; real traffic finds the fault within minutes, the canary rolls it back, and the old fleet never stops answering.
 */
export async function faultyRelease(stage: Stage, callers: Callers): Promise<void> {
  await stage.stage('faulty release', async () => {
    const live = await stage.live();
    const [january] = await stage.datasetVersions();
    const since = stage.now();
    const { failures, requests } = callers.tally;
    const failedBefore = failures.length;
    await stage.retrain({
      cause: 'release of new serving code',
      datasetVersions: [january?.version ?? ''],
      sourceFolder: FAULTY_SOURCE,
    });
    const run = await succeeded(stage, 'training', since);
    stage.expect(
      field(run.output, 'decision') === 'registered',
      `the gates refused the faulty release, which batch scoring should not: ${String(field(run.output, 'reason'))}`,
    );
    await callers.askSingly(DEPLOYMENT_MINUTES, CALLS_A_MINUTE);
    const deployment = await stage.finished('deployment', since, 3600);
    const failed = failures.slice(failedBefore);
    const asked = callers.tally.requests - requests;

    stage.expect(
      field(deployment.output, 'outcome') === 'rolled-back',
      `the faulty release ended ${deployment.status}, ${String(field(deployment.output, 'outcome'))}`,
    );
    stage.expect(failed.length > 0, 'no request met the fault: the canary was never tested');
    stage.expect(
      failed.every(({ status }) => status === 500),
      `requests failed otherwise than by the fault: ${failed.find(({ status }) => status !== 500)?.message}`,
    );
    stage.expect(
      failed.length < asked / 2,
      `${failed.length} of ${asked} requests failed: the old fleet did not serve`,
    );
    stage.expect((await stage.live()) === live, 'the faulty release went live');
    stage.note(`rolled back after ${failed.length} of ${asked} requests failed`, 'deployment machine', deployment.name);
    stage.figure('requests failed during the faulty release', `${failed.length} of ${asked}`);

    await callers.askUntil(hoursAfter(stage.now(), 24));
    stage.expect(failures.length === failedBefore + failed.length, 'requests still fail after the rollback');
    stage.note(`${versionOf(live ?? '')} never stopped serving`, 'callers');
  });
}
