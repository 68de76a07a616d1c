import type { FunctionInput } from '../../contracts/functions.ts';
import type { MachineKind } from '../../contracts/names.ts';
import { type LineageRecord, recordSort } from '../../contracts/records.ts';
import { MOST_DATASET_VERSIONS, RETRAINING_WAIT_DAYS } from '../../contracts/retraining-config.ts';
import { runCost } from '../../core/cost/run-cost.ts';
import { schemaHash } from '../../core/intake/stored-columns.ts';
import { asksInstead, type BegunRun, isStarting, type WaitingExecution } from '../../core/retraining/begun-runs.ts';
import { billedSeconds, datasetsOf, decidedRecipe, runsOf } from '../../core/retraining/gather-facts.ts';
import { monthBegins, spentOn } from '../../core/retraining/month-cost.ts';
import type { RetrainingFacts } from '../../core/retraining/retraining-facts.ts';
import { trainingRecipe } from '../../core/retraining/training-recipe.ts';
import { windowFindings } from '../../core/retraining/window-findings.ts';
import type { LineageTable } from '../aws/lineage-table.ts';
import type { TrainingSlot } from '../aws/training-slot.ts';

/** What the handler works with. */
export interface DecideTools {
  readonly lineage: Pick<LineageTable, 'get' | 'last' | 'between' | 'newest' | 'live'>;
  readonly slot: TrainingSlot;
  /** Names of the executions of one of the model's machines that run now. */
  readonly running: (model: string, machine: MachineKind) => Promise<readonly string[]>;
  readonly now: () => Date;
}

/** All that the decision is made from, and what it is claimed against. */
export interface Gathered {
  readonly facts: RetrainingFacts;
  readonly holder: BegunRun | undefined;
  readonly waiting: WaitingExecution | undefined;
}

type Request = FunctionInput<'decide-retraining'>;

/** Judged runs that are looked at: data is new when none of them was trained on it. */
export const MOST_RUNS = 20;
/** Windows that are looked at: those since the live model was made, and none older than the longest wait. */
export const MOST_WINDOWS = 1000;
/** Runs of a month that are counted, and how many of them at what they were billed; the others count at their estimates. */
export const MOST_BEGUN = 1000;
export const MOST_BILLED = 100;

/** Reads what is recorded about a model: so many records at most of each kind, however old the model is. */
export async function gatherFacts(input: Request, tools: DecideTools): Promise<Gathered> {
  const { model, execution, request, askedAt, deployedCode } = input;
  const { lineage, slot, running } = tools;
  const now = tools.now();
  const live = await lineage.live(model.name);
  const [datasets, runs, packages, windows, decided, holder, waiting, training, spent] = await Promise.all([
    lineage.newest(model.name, 'dataset', MOST_DATASET_VERSIONS),
    lineage.newest(model.name, 'run', MOST_RUNS),
    lineage.between(model.name, recordSort('package', ''), recordSort('package', '~'), 1),
    live === undefined ? [] : recentWindows(model.name, live.since, now, lineage),
    live === undefined ? undefined : lineage.get(model.name, recordSort('decision', live.runId)),
    slot.holder(model.name),
    slot.waiting(model.name, request.trigger),
    running(model.name, 'training'),
    spentThisMonth(input, now, tools),
  ]);
  const { standing, newest } = windowFindings(windows, live?.since ?? now.toISOString(), live?.packageArn);
  const past = runsOf(runs);
  const facts: RetrainingFacts = {
    // Alarms end their reasons with a full stop, which would stand in the middle of ours.
    request: { ...request, cause: request.cause.replace(/[.\s]+$/, '') },
    now,
    askedAt: new Date(Math.min(Date.parse(askedAt), now.getTime())),
    datasets: datasetsOf(await withOrdered(datasets, input, lineage), schemaHash(model.data)),
    runs: past,
    everPassed: packages.length > 0 || past.some(({ passed }) => passed),
    inFlight: training.find((name) => name !== execution) ?? (await startingRun(input, holder, now, lineage)),
    liveSince: live?.since,
    standing,
    newestWindow: newest,
    recipe: { live: decidedRecipe(decided), deployed: trainingRecipe(model, deployedCode) },
    cost: { spent, estimate: runCost(model) },
    waiting:
      waiting === undefined ? undefined : asksInstead(waiting, execution, await running(model.name, 'retraining'), now),
  };
  return { facts, holder, waiting };
}

/** Versions that somebody orders by name may be older than those that are looked at. */
async function withOrdered(
  newest: readonly LineageRecord[],
  { model, request }: Request,
  lineage: DecideTools['lineage'],
): Promise<readonly LineageRecord[]> {
  const known = new Set(newest.map(({ id }) => id));
  const others = (request.datasetVersions ?? []).filter((version) => !known.has(version));
  const found = await Promise.all(others.map((version) => lineage.get(model.name, recordSort('dataset', version))));
  return [...newest, ...found.flatMap((record) => record ?? [])];
}

/** The run that was let in last, when it neither ended nor had the time to show up among the running executions. */
async function startingRun(
  { model, execution }: Request,
  holder: BegunRun | undefined,
  now: Date,
  lineage: DecideTools['lineage'],
): Promise<string | undefined> {
  // Let in by a first try of this very execution, it is not in its own way.
  if (holder === undefined || holder.run === execution || !isStarting(holder, now)) return undefined;
  const ends = [recordSort('run', holder.run), recordSort('failure', `training-${holder.run}`)];
  const ended = await Promise.all(ends.map((sk) => lineage.get(model.name, sk)));
  return ended.every((record) => record === undefined) ? holder.run : undefined;
}

/** Dollars of the month's runs; a model without a budget is not asked. */
async function spentThisMonth({ model, execution }: Request, now: Date, { slot, lineage }: DecideTools) {
  if (model.retraining.budgetPerMonthDollars === undefined) return 0;
  const begun = await slot.begun(model.name, monthBegins(now), MOST_BEGUN);
  const others = begun.filter(({ run }) => run !== execution);
  const runs = await Promise.all(
    others.slice(0, MOST_BILLED).map(({ run }) => lineage.get(model.name, recordSort('run', run))),
  );
  return spentOn(others, billedSeconds(runs.flatMap((run) => run ?? [])), (seconds) => runCost(model, seconds));
}

function recentWindows(model: string, since: string, now: Date, lineage: DecideTools['lineage']) {
  const oldest = new Date(now.getTime() - RETRAINING_WAIT_DAYS * 24 * 3_600_000).toISOString();
  const from = recordSort('window', since > oldest ? since : oldest);
  return lineage.last(model, from, recordSort('window', '~'), MOST_WINDOWS);
}
