import type { Stage } from '../../../contracts/scenario.ts';
import type { PreparedFlights } from '../data/prepare.ts';
import type { Callers } from './callers.ts';
import { CALLS_A_MINUTE, DEPLOYMENT_MINUTES } from './faulty-release.ts';
import { field, hoursAfter, succeeded, versionOf } from './outcome.ts';

/** From when the outcomes of February to April are known. */
const OUTCOMES_KNOWN = new Date('2001-05-02T00:00:00Z');

/** The drift alarm went off: the policy waits, because there are no newer outcomes to learn from. */
export async function alarmWithoutData(stage: Stage, alarmSince: Date): Promise<void> {
  await stage.stage('drift alarm', async () => {
    const decision = await succeeded(stage, 'retraining', alarmSince);
    stage.expect(field(decision.output, 'decision') === 'wait', 'a drift alarm without newer labelled data must wait');
    stage.note(`no training yet: ${String(field(decision.output, 'reason'))}`, 'retraining machine', decision.name);
  });
}

/**
 * Two days later the outcomes of February to April are uploaded. Drift stands and there is new data, so the policy trains; the
 * candidate is compared with the champion on the same flights and takes over by canary, under traffic.
 */
export async function outcomesArrive(stage: Stage, flights: PreparedFlights, callers: Callers): Promise<void> {
  const day = new Date(Math.max(OUTCOMES_KNOWN.getTime(), startOfDay(hoursAfter(stage.now(), 48)).getTime()));
  await callers.askUntil(day);
  await stage.stage('retraining', async () => {
    const evening = hoursAfter(day, 21);
    await stage.advanceTo(evening);
    const before = await stage.live();
    const failedBefore = callers.tally.failures.length;
    await stage.upload(flights.februaryToApril, 'flights-2001-02-to-04.csv');
    await succeeded(stage, 'intake', evening);
    const decision = await succeeded(stage, 'retraining', evening);
    stage.expect(
      field(decision.output, 'decision') === 'retrain',
      'standing drift and new data must start a training run',
    );
    stage.note(`training: ${String(field(decision.output, 'reason'))}`, 'retraining machine', decision.name);
    const run = await succeeded(stage, 'training', evening);
    stage.expect(
      field(run.output, 'decision') === 'registered',
      `the retrained model was refused: ${String(field(run.output, 'reason'))}`,
    );
    await callers.askSingly(DEPLOYMENT_MINUTES, CALLS_A_MINUTE);
    await succeeded(stage, 'deployment', evening);
    const after = await stage.live();
    stage.expect(after !== undefined && after !== before, 'the retrained model did not go live');
    stage.expect(callers.tally.failures.length === failedBefore, 'requests failed while the retrained model took over');
    stage.note(`${versionOf(after ?? '')} replaces ${versionOf(before ?? '')}`, 'deployment machine', after);
  });
}

function startOfDay(at: Date): Date {
  return new Date(`${at.toISOString().slice(0, 10)}T00:00:00Z`);
}
