import { z } from 'zod';
import { TRIGGERS } from '../../contracts/machines.ts';
import { type LineageRecord, recordSort } from '../../contracts/records.ts';
import { detailOf } from '../lineage/lineage-record.ts';

/** A decision whether to train, as it was recorded. */
export interface PastDecision {
  /** Name of the execution that decided; of the training run too, when it trained. */
  readonly execution: string;
  readonly at: string;
  readonly trigger: (typeof TRIGGERS)[number] | undefined;
  readonly decision: string;
  readonly askAgainAt: string | null;
  readonly estimatedDollars: number | null;
  readonly recipe: string | undefined;
}

/** Early records have a decision and a reason alone. */
const DecisionDetailSchema = z.object({
  execution: z.string().optional(),
  request: z.object({ trigger: z.enum(TRIGGERS) }).optional(),
  decision: z.object({
    decision: z.string(),
    askAgainAt: z.string().nullish(),
    estimatedDollars: z.number().nullish(),
    recipe: z.string().optional(),
  }),
});

/** How long a decision to train counts as a run that is about to start. */
const STARTING_MINUTES = 15;

/** Recorded decisions, in the order of the records. */
export function decisionsOf(records: readonly LineageRecord[]): readonly PastDecision[] {
  return records.flatMap((record) => {
    const detail = detailOf(record, DecisionDetailSchema);
    if (detail === undefined) return [];
    const { decision, askAgainAt, estimatedDollars, recipe } = detail.decision;
    return [
      {
        execution: detail.execution ?? record.id,
        at: record.at,
        trigger: detail.request?.trigger,
        decision,
        askAgainAt: askAgainAt ?? null,
        estimatedDollars: estimatedDollars ?? null,
        recipe,
      },
    ];
  });
}

/** A decision to train whose run neither ended nor had the time to show up among the running executions. */
export function startingRun(
  decisions: readonly PastDecision[],
  ended: ReadonlySet<string>,
  now: Date,
): string | undefined {
  return decisions
    .filter(({ decision }) => decision === 'retrain')
    .filter(({ at }) => now.getTime() - Date.parse(at) < STARTING_MINUTES * 60_000)
    .find(
      ({ execution }) =>
        !ended.has(recordSort('run', execution)) && !ended.has(recordSort('failure', `training-${execution}`)),
    )?.execution;
}

/** A running execution that waits to ask again for the same trigger. */
export function waitingExecution(
  decisions: readonly PastDecision[],
  trigger: PastDecision['trigger'],
  running: readonly string[],
  now: Date,
): string | undefined {
  return decisions.find(
    (decision) =>
      decision.trigger === trigger &&
      decision.askAgainAt !== null &&
      Date.parse(decision.askAgainAt) > now.getTime() &&
      running.includes(decision.execution),
  )?.execution;
}
