import type { BegunRun } from './begun-runs.ts';

/** The first instant of the calendar month (UTC), ISO. */
export const monthBegins = (now: Date): string =>
  new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth())).toISOString();

/**
 * Estimated dollars of runs: by their billable seconds where those were recorded, else what was estimated when they were let in, which is
 * the most they can cost. Null when a price was not known.
 */
export function spentOn(
  runs: readonly BegunRun[],
  billableSeconds: ReadonlyMap<string, number>,
  costOf: (billableSeconds: number) => number | null,
): number | null {
  return runs.reduce<number | null>((sum, { run, estimatedDollars }) => {
    const seconds = billableSeconds.get(run);
    const cost = seconds === undefined ? estimatedDollars : costOf(seconds);
    return sum === null || cost === null ? null : sum + cost;
  }, 0);
}
