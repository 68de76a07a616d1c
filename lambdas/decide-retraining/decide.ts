import type { FunctionInput, FunctionOutput } from '../../contracts/functions.ts';
import type { MachineKind } from '../../contracts/names.ts';
import { recordSort } from '../../contracts/records.ts';
import { RETRAINING_WAIT_DAYS } from '../../contracts/retraining-config.ts';
import { runCost } from '../../core/cost/run-cost.ts';
import { schemaHash } from '../../core/intake/stored-columns.ts';
import { decideRetraining } from '../../core/retraining/decide-retraining.ts';
import { datasetsOf, runsOf } from '../../core/retraining/gather-facts.ts';
import { spentThisMonth } from '../../core/retraining/month-cost.ts';
import { decisionsOf, startingRun, waitingExecution } from '../../core/retraining/past-decisions.ts';
import type { RetrainingFacts } from '../../core/retraining/retraining-facts.ts';
import { trainingRecipe } from '../../core/retraining/training-recipe.ts';
import { windowFindings } from '../../core/retraining/window-findings.ts';
import type { LineageTable } from '../aws/lineage-table.ts';

/** What the handler works with. */
export interface DecideTools {
  readonly lineage: LineageTable;
  /** Names of the executions of one of the model's machines that run now. */
  readonly running: (model: string, machine: MachineKind) => Promise<readonly string[]>;
  readonly now: () => Date;
}

type Request = FunctionInput<'decide-retraining'>;

/** Gathers what is recorded about a model and decides whether to train now. */
export async function decide(input: Request, tools: DecideTools): Promise<FunctionOutput<'decide-retraining'>> {
  const { model, request } = input;
  const facts = await gather(input, tools);
  const { decision, reason, datasetVersions, askAgainAt, review } = decideRetraining(model.retraining, facts);
  const codeUri = decision === 'retrain' && request.trigger === 'manual' ? (request.codeUri ?? null) : null;
  return {
    decision,
    reason,
    trigger: request.trigger,
    datasetVersions: [...datasetVersions],
    codeUri,
    askAgainAt,
    review,
    recipe: trainingRecipe(model, codeUri ?? input.deployedCode),
    estimatedDollars: facts.cost.estimate,
  };
}

async function gather(
  { model, execution, request, askedAt, deployedCode }: Request,
  { lineage, running, now: clock }: DecideTools,
): Promise<RetrainingFacts> {
  const now = clock();
  const live = await lineage.live(model.name);
  const kinds = ['dataset#', 'run#', 'decision#', 'failure#training-'] as const;
  const [[datasets = [], runs = [], decisions = [], failures = []], windows, training, retraining] = await Promise.all([
    Promise.all(kinds.map((prefix) => lineage.query(model.name, prefix))),
    live === undefined ? [] : recentWindows(model.name, live.since, now, lineage),
    running(model.name, 'training'),
    running(model.name, 'retraining'),
  ]);
  const { standing, newest } = windowFindings(windows, live?.since ?? now.toISOString());
  const past = decisionsOf(decisions);
  // The decision of this very execution is there already when Lambda tries a second time.
  const others = past.filter((decision) => decision.execution !== execution);
  const ended = new Set([...runs, ...failures].map(({ sk }) => sk));
  return {
    // Alarms end their reasons with a full stop, which would stand in the middle of ours.
    request: { ...request, cause: request.cause.replace(/[.\s]+$/, '') },
    now,
    askedAt: new Date(Math.min(Date.parse(askedAt), now.getTime())),
    datasets: datasetsOf(datasets, schemaHash(model.data)),
    runs: runsOf(runs),
    inFlight: training.find((name) => name !== execution) ?? startingRun(others, ended, now),
    liveSince: live?.since,
    standing,
    newestWindow: newest,
    recipe: {
      live: past.find(({ execution: name, decision }) => name === live?.runId && decision === 'retrain')?.recipe,
      deployed: trainingRecipe(model, deployedCode),
    },
    cost: {
      spent: spentThisMonth(others, runs, now, (seconds) => runCost(model, seconds)),
      estimate: runCost(model),
    },
    waiting: waitingExecution(others, request.trigger, retraining, now),
  };
}

/** Windows since the live model was made, and none older than the longest wait: a record a window would grow for ever. */
function recentWindows(model: string, since: string, now: Date, lineage: LineageTable) {
  const oldest = new Date(now.getTime() - RETRAINING_WAIT_DAYS * 24 * 3_600_000).toISOString();
  return lineage.between(model, recordSort('window', since > oldest ? since : oldest), recordSort('window', '~'));
}
