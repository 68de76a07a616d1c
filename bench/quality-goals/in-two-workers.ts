import { Worker } from 'node:worker_threads';
import { z } from 'zod';
import type { ShareSchema } from './replicate-worker.ts';
import { Tally, type TallyEntries } from './tally.ts';

const WORKERS = 2;

const DoneSchema = z.object({
  seed: z.number(),
  entries: z.array(z.tuple([z.string(), z.object({ total: z.number(), trials: z.number() })])),
});

/**
 * Runs replicates with seeds from `start` on in two threads; the tally is the same however they share the work, for it is added up in the
 * order of seeds.
 * @param progress told how many are done, now and then
 */
export async function inTwoWorkers(
  what: z.infer<typeof ShareSchema>['what'],
  start: number,
  count: number,
  progress: (done: number) => void = () => {},
): Promise<Tally> {
  const found = new Map<number, TallyEntries>();
  const every = Math.max(1, Math.ceil(count / 12));
  await Promise.all(
    Array.from({ length: WORKERS }, (_, index) =>
      finished({ what, first: start + index, step: WORKERS, end: start + count }, ({ seed, entries }) => {
        found.set(seed, entries);
        if (found.size % every === 0) progress(found.size);
      }),
    ),
  );
  const tally = new Tally();
  for (const [, entries] of [...found].sort(([a], [b]) => a - b)) tally.addAll(entries);
  return tally;
}

function finished(workerData: z.infer<typeof ShareSchema>, done: (message: z.infer<typeof DoneSchema>) => void) {
  return new Promise<void>((resolve, reject) => {
    const worker = new Worker(new URL('./replicate-worker.ts', import.meta.url), { workerData });
    worker.on('message', (message) => {
      done(DoneSchema.parse(message));
    });
    worker.on('error', reject);
    worker.on('exit', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`a worker ended with code ${code}`));
    });
  });
}
