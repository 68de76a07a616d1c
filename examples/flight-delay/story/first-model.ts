import type { Stage } from '../../../contracts/scenario.ts';
import type { PreparedFlights } from '../data/prepare.ts';
import { field, succeeded, versionOf } from './outcome.ts';

/** Uploads January, and nothing else: the upload itself starts intake, training, gates, registration and deployment. */
export async function firstModel(stage: Stage, flights: PreparedFlights): Promise<void> {
  const since = stage.now();
  await stage.stage('first upload', async () => {
    await stage.upload(flights.january, 'flights-2001-01.csv');
    await succeeded(stage, 'intake', since);
    const versions = await stage.datasetVersions();
    stage.expect(versions.length === 1, `one upload must make one dataset version, there are ${versions.length}`);
    stage.figure('rows of the first dataset version', versions[0]?.rows ?? 0);
  });
  await stage.stage('first training', async () => {
    const decision = await succeeded(stage, 'retraining', since);
    stage.expect(field(decision.output, 'decision') === 'retrain', 'the first data must start a training run');
    const run = await succeeded(stage, 'training', since);
    stage.expect(
      field(run.output, 'decision') === 'registered',
      `the first model was refused: ${String(field(run.output, 'reason'))}`,
    );
  });
  await stage.stage('first deployment', async () => {
    await succeeded(stage, 'deployment', since);
    const live = await stage.live();
    stage.expect(live !== undefined, 'no model serves after the first deployment');
    stage.note(`${versionOf(live ?? '')} serves`, 'deployment machine', live);
  });
}
