/** A training run that was let in; it may not have started yet. */
export interface BegunRun {
  /** Name of the execution that decided it, and of the run. */
  readonly run: string;
  /** When it was let in, ISO. */
  readonly at: string;
  /** What it was estimated to cost at most, USD; null when a price was not known. */
  readonly estimatedDollars: number | null;
}

/** An execution that sleeps until it asks again. */
export interface WaitingExecution {
  readonly execution: string;
  /** ISO instant. */
  readonly until: string;
}

/** How long a run that was let in counts as one that is about to start. */
const STARTING_MINUTES = 15;

/** Whether a run was let in so shortly ago that it need not show among the running executions. */
export const isStarting = ({ at }: BegunRun, now: Date): boolean =>
  now.getTime() - Date.parse(at) < STARTING_MINUTES * 60_000;

/** The execution that asks again in place of `execution`: another one, with an instant ahead, that still runs. */
export function asksInstead(
  waiting: WaitingExecution | undefined,
  execution: string,
  running: readonly string[],
  now: Date,
): string | undefined {
  if (waiting === undefined || waiting.execution === execution) return undefined;
  return Date.parse(waiting.until) > now.getTime() && running.includes(waiting.execution)
    ? waiting.execution
    : undefined;
}
