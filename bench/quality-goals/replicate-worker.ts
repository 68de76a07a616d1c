import { parentPort, workerData } from 'node:worker_threads';
import { z } from 'zod';
import { replicate } from './replicates.ts';
import { Tally } from './tally.ts';
import { type DAY_WORLDS, unevenDays } from './uneven-days.ts';

const worlds = ['days alike', 'days apart', 'days in moods'] as const satisfies readonly (keyof typeof DAY_WORLDS)[];

/** Which replicates a worker runs: seeds from `first` on, every `step`th, below `end`. */
export const ShareSchema = z.object({
  what: z.enum(['references', ...worlds]),
  first: z.number(),
  step: z.number(),
  end: z.number(),
});

if (parentPort !== null) {
  const { what, first, step, end } = ShareSchema.parse(workerData);
  for (let seed = first; seed < end; seed += step) {
    const tally = new Tally();
    if (what === 'references') replicate(tally, seed);
    else unevenDays(tally, what, seed);
    parentPort.postMessage({ seed, entries: tally.entries() });
  }
}
