import type { Stage } from '../../../contracts/scenario.ts';
import { field, hoursAfter, succeeded } from './outcome.ts';

/**
 * Somebody asks whether the model that serves can be built again. The platform trains it a second time from its frozen inputs and
 * compares every file; what serves is not touched, and nothing is registered.
 */
export async function reproduction(stage: Stage): Promise<void> {
  await stage.stage('reproduction', async () => {
    const live = await stage.live();
    const askedAt = hoursAfter(stage.now(), 1 / 60);
    await stage.advanceTo(askedAt);
    await stage.reproduceLive();
    const rebuilt = await succeeded(stage, 'reproduction', askedAt);
    const summary = String(field(rebuilt.output, 'summary'));
    stage.expect(field(rebuilt.output, 'outcome') === 'reproduced', `the live model was ${summary}`);
    stage.expect((await stage.live()) === live, 'rebuilding a model changed what serves');
    stage.note(summary, 'reproduction machine', rebuilt.name);
    stage.figure('files of the live model rebuilt byte for byte', Number(field(rebuilt.output, 'filesCompared')));
  });
}
