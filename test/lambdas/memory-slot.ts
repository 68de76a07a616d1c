import type { BegunRun, WaitingExecution } from '../../core/retraining/begun-runs.ts';
import type { TrainingSlot } from '../../lambdas/aws/training-slot.ts';

export interface MemorySlot extends TrainingSlot {
  /** Every run that was let in, in order. */
  readonly all: BegunRun[];
}

/** The training slot in memory, with the same conditions on writes. */
export function memorySlot(initial: readonly BegunRun[] = []): MemorySlot {
  const all = [...initial];
  const waiting = new Map<string, WaitingExecution>();
  return {
    all,
    holder: async () => all.at(-1),
    begin: async (_, run, after) => {
      if (all.at(-1)?.run !== after?.run) return 'moved';
      all.push(run);
      return 'begun';
    },
    begun: async (_, since, limit) =>
      all
        .filter(({ at }) => at >= since)
        .toReversed()
        .slice(0, limit),
    waiting: async (_, trigger) => waiting.get(trigger),
    wait: async (_, trigger, waits, after) => {
      if (waiting.get(trigger)?.execution !== after?.execution) return 'moved';
      waiting.set(trigger, waits);
      return 'waits';
    },
  };
}
