import type { FunctionInput, FunctionOutput } from '../../contracts/functions.ts';
import { schemaHash } from '../../core/intake/stored-columns.ts';
import { decideRetraining } from '../../core/retraining/decide-retraining.ts';
import { datasetsOf, runsOf, standingDrift, startingRun } from '../../core/retraining/gather-facts.ts';
import type { LineageTable } from '../aws/lineage-table.ts';

/** What the handler works with. */
export interface DecideTools {
  readonly lineage: LineageTable;
  /** Names of the model's training executions that run now. */
  readonly running: (model: string) => Promise<readonly string[]>;
  readonly now: () => Date;
}

/** Gathers what is recorded about a model and decides whether to train now. */
export async function decide(
  { model, execution, request }: FunctionInput<'decide-retraining'>,
  { lineage, running, now }: DecideTools,
): Promise<FunctionOutput<'decide-retraining'>> {
  const kinds = ['dataset#', 'run#', 'window#', 'decision#', 'failure#training-'] as const;
  const [datasets = [], runs = [], windows = [], decisions = [], failures = []] = await Promise.all(
    kinds.map((prefix) => lineage.query(model.name, prefix)),
  );
  const [executions, live] = await Promise.all([running(model.name), lineage.live(model.name)]);
  const ended = new Set([...runs, ...failures].map(({ sk }) => sk));
  // The decision of this very execution is there already when Lambda tries a second time.
  const others = decisions.filter(({ id }) => id !== execution);
  const decision = decideRetraining(model.retraining, {
    // Alarms end their reasons with a full stop, which would stand in the middle of ours.
    request: { ...request, cause: request.cause.replace(/[.\s]+$/, '') },
    now: now(),
    datasets: datasetsOf(datasets, schemaHash(model.data)),
    runs: runsOf(runs),
    inFlight: executions.find((name) => name !== execution) ?? startingRun(others, ended, now()),
    driftStands: standingDrift(windows, live),
  });
  return {
    decision: decision.decision,
    reason: decision.reason,
    trigger: request.trigger,
    datasetVersions: [...decision.datasetVersions],
    codeUri: decision.decision === 'retrain' && request.trigger === 'manual' ? (request.codeUri ?? null) : null,
  };
}
