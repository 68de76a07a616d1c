import type { FunctionInput, FunctionOutput } from '../../contracts/functions.ts';
import { scratchKeys } from '../../contracts/keys.ts';
import { ContentBeyondLimit } from '../../core/intake/read/row-sink.ts';
import { refusedFile } from '../../core/intake/refused-file.ts';
import { putPacked } from '../aws/packed-json.ts';
import { conclude, judgedHere } from './conclude.ts';
import { type BegunIntake, freezeIntake } from './freeze-intake.ts';
import { GONE, isGone } from './gone-versions.ts';
import type { IntakeTools, UploadIntake } from './intake-tools.ts';
import { judgeShard } from './judge-shard.ts';
import { isDiskFull } from './limits.ts';
import { mergeUpload } from './merge-upload.ts';
import { registerJob } from './register-job.ts';
import { routeUpload } from './route-upload.ts';
import { startJob } from './start-job.ts';
import { inIntakePlace, takeHere, uploadName } from './take-in.ts';

/** Disk that the merge may spill to; the rest of 10 GB is for the accepted rows. */
const MOST_SPILL = '3GB';

/**
 * Takes one step of an intake; an upload that fits is taken in by the first. The same step again gives the same answer, and nothing is
 * registered before everything was judged.
 */
export async function intake(input: FunctionInput<'intake'>, tools: IntakeTools): Promise<FunctionOutput<'intake'>> {
  const { work } = input;
  switch (work.step) {
    case 'take':
      return begin(input, await freezeIntake(input, tools), tools);
    case 'shard':
      return { outcome: 'judged', ...(await judgeShard(input, work.shard, tools)) };
    case 'merge':
      return merge(input, await freezeIntake(input, tools), tools);
    case 'job':
      return startJob(input, await freezeIntake(input, tools), work.reason, tools);
    case 'register':
      return registerJob(input, await freezeIntake(input, tools), tools);
    default:
      return work satisfies never;
  }
}

async function begin(input: UploadIntake, begun: BegunIntake, tools: IntakeTools): Promise<FunctionOutput<'intake'>> {
  try {
    const route = await routeUpload(input.model, begun.frozen, tools);
    if (route.route === 'one') return await takeHere(input, begun, tools, 'throw');
    if (route.route === 'job') return await startJob(input, begun, route.reason, tools);
    await putPacked(tools.lake, scratchKeys(input.model.name, input.execution).shards, route.shards);
    return { outcome: 'cut', shards: [...route.shards.ranges.keys()] };
  } catch (error) {
    if (error instanceof ContentBeyondLimit) return startJob(input, begun, error.message, tools);
    return refuseWhatIsGone(input, begun, tools, error);
  }
}

/** An upload that was deleted before it was read is told, and no failure. */
async function refuseWhatIsGone(input: UploadIntake, begun: BegunIntake, tools: IntakeTools, error: unknown) {
  for (const file of begun.frozen.files) {
    if (!(await isGone(file, tools))) continue;
    const { report, heldBack } = refusedFile(uploadName(input, begun), { rule: 'unreadable', message: GONE });
    return conclude(input, null, { report, heldBack, quarantine: null, content: null, sources: [] }, tools);
  }
  throw error;
}

async function merge(input: UploadIntake, begun: BegunIntake, tools: IntakeTools): Promise<FunctionOutput<'intake'>> {
  try {
    return await inIntakePlace(tools, 'refuse', async (place) => {
      await place.duck.run(`SET max_temp_directory_size = '${MOST_SPILL}'`);
      const merged = await mergeUpload(input, begun, uploadName(input, begun), place);
      if ('notCut' in merged) return startJob(input, begun, merged.notCut, tools);
      return conclude(input, begun.frozen.previous, judgedHere(input, merged, place), tools);
    });
  } catch (error) {
    if (!isDiskFull(error)) throw error;
    return startJob(input, begun, 'its rows do not fit on the disk of one function', tools);
  }
}
