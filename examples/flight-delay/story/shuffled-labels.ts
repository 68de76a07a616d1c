import type { Stage } from '../../../contracts/scenario.ts';
import type { PreparedFlights } from '../data/prepare.ts';
import { field, hasRun, hoursAfter, succeeded } from './outcome.ts';

/**
 * Somebody uploads January again, with the outcomes mixed up. Every row is valid, so intake takes it; the policy sees no reason to
 * train; a run asked for by hand is refused by the gates.
 */
export async function shuffledLabels(stage: Stage, flights: PreparedFlights): Promise<void> {
  await stage.stage('shuffled labels', async () => {
    const live = await stage.live();
    const uploadedAt = stage.now();
    await stage.upload(flights.shuffled, 'flights-shuffled.csv');
    await succeeded(stage, 'intake', uploadedAt);
    const decision = await succeeded(stage, 'retraining', uploadedAt);
    stage.expect(field(decision.output, 'decision') === 'wait', 'new data without drift must not start a training run');
    stage.note(`no training: ${String(field(decision.output, 'reason'))}`, 'retraining machine', decision.name);

    const [shuffled] = (await stage.datasetVersions()).slice(-1);
    stage.expect(
      shuffled?.source.includes('shuffled') === true,
      'the shuffled upload is not the newest dataset version',
    );
    const askedAt = hoursAfter(stage.now(), 1 / 60);
    await stage.advanceTo(askedAt);
    await stage.retrain({
      cause: 'try the corrected January labels',
      datasetVersions: [shuffled?.version ?? ''],
    });
    await succeeded(stage, 'retraining', askedAt);
    const run = await succeeded(stage, 'training', askedAt);
    stage.expect(field(run.output, 'decision') === 'refused', 'a model of shuffled labels passed the gates');
    stage.note(`candidate refused: ${String(field(run.output, 'reason'))}`, 'training machine', run.name);
    await stage.advanceTo(hoursAfter(stage.now(), 1));
    stage.expect(!(await hasRun(stage, 'deployment', askedAt)), 'a refused candidate was deployed');
    stage.expect((await stage.live()) === live, 'a refused candidate changed what serves');
  });
}
