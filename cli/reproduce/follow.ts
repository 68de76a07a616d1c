import { ModelwayError, parseOrThrow } from '../../contracts/problems.ts';
import { type ReproductionDetail, ReproductionDetailSchema } from '../../contracts/reproduction.ts';
import type { ReproductionService } from './reproduction-service.ts';

/** States of the machine that a person waits in, in words; the others pass in a moment. */
const DOING: Readonly<Record<string, string>> = {
  VerifyInputs: 'verifying that data and code are as they were',
  TrainAgain: 'training again',
  Compare: 'comparing the two models',
  ScoreBoth: 'their files differ: asking both for the rows of the frozen test set',
  ScoreOriginal: 'their files differ: asking both for the rows of the frozen test set',
  ScoreRebuilt: 'their files differ: asking both for the rows of the frozen test set',
};

/**
 * Starts a reproduction and waits for its verdict, telling each step once.
 * @throws ModelwayError `reproduction-failed` when the machine ends without a verdict
 */
export async function follow(
  service: ReproductionService,
  run: string,
  say: (line: string) => void,
): Promise<ReproductionDetail> {
  const execution = await service.start(run);
  say(`started ${execution}; it goes on if you stop waiting`);
  let told = '';
  for (;;) {
    const progress = await service.look(execution);
    if (progress.kind === 'succeeded')
      return parseOrThrow(ReproductionDetailSchema, JSON.parse(progress.output), 'unreadable-verdict');
    if (progress.kind === 'failed')
      throw new ModelwayError('reproduction-failed', 'aws', [
        {
          path: execution,
          message: `ended without a verdict: ${progress.reason}`,
          fix: 'see the runbook, reproduction-failed',
        },
      ]);
    const doing = DOING[progress.state];
    if (doing !== undefined && doing !== told) say(doing);
    told = doing ?? told;
    await service.pause();
  }
}
