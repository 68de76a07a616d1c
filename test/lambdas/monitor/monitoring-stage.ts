import type { z } from 'zod';
import type { FunctionOutput } from '../../../contracts/functions.ts';
import { captureHourPrefix, runKeys, windowReportKey } from '../../../contracts/keys.ts';
import type { WindowsInput } from '../../../contracts/machines.ts';
import type { ModelConfig } from '../../../contracts/model-config.ts';
import { MonitorRequestSchema, MonitorResultSchema, type WindowTask } from '../../../contracts/monitoring-steps.ts';
import type { Baseline } from '../../../contracts/profile.ts';
import type { QualitySetup } from '../../../contracts/quality-window.ts';
import type { Instance } from '../../../contracts/serving.ts';
import { WindowReportSchema } from '../../../contracts/window.ts';
import { lineageRecord } from '../../../core/lineage/lineage-record.ts';
import { buildBaseline } from '../../../core/profile/baseline.ts';
import { dayOf, instantOf } from '../../../core/profile/instant.ts';
import { withPredictions } from '../../../core/profile/predictions.ts';
import { watchedFeatures } from '../../../core/profile/watched.ts';
import { fitQualitySetup } from '../../../core/quality/quality-setup.ts';
import { seededRandom } from '../../../core/statistics/random.ts';
import { putPacked } from '../../../lambdas/aws/packed-json.ts';
import { monitor } from '../../../lambdas/monitor/monitor.ts';
import type { MonitorTools } from '../../../lambdas/monitor/monitor-tools.ts';
import { captureLine } from '../../core/capture/capture-line.ts';
import { FEATURES, flightsModel } from '../flights-model.ts';
import { type MemoryLake, memoryLake } from '../memory-lake.ts';
import { type MemoryLineage, memoryLineage, lineageRecord as packageRecord } from '../memory-lineage.ts';

export const ARN = 'arn:package/1';
export const FIRED = '2001-02-03T00:30:00Z';
export const WINDOW = { from: '2001-02-02T00:00:00.000Z', to: '2001-02-03T00:00:00.000Z' };
export const REPORT = windowReportKey('flights', WINDOW.to, 'json');

export function flights(count: number, seed: number, extra = 0): Instance[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, (_, i) => ({
    departs: `2001-01-${String(1 + (i % 28)).padStart(2, '0')}T${String(Math.floor(24 * random())).padStart(2, '0')}:00:00Z`,
    distance: Math.round(2000 * random()),
    earlier: 30 * random() + extra,
    origin: ['ORD', 'JFK', 'SFO'][Math.floor(3 * random())] ?? 'ORD',
  }));
}

export const scoreOf = ({ earlier }: Instance) => 0.2 + Number(earlier) / 100;
const training = flights(8000, 1);
/** The baseline of a model that learned from these rows. */
export const baselineOf = (rows: readonly Instance[]): Baseline =>
  withPredictions(buildBaseline(flightsModel(), rows), rows.map(scoreOf), [], { earlier: 1, distance: 0.1 });
const baseline = baselineOf(training);

/** A captured request of these rows, answered and explained by `packageArn`. */
export function captured(
  instances: readonly Instance[],
  at: string,
  given: { inferenceId?: string; packageArn?: string | null; shap?: readonly number[] | false } = {},
): string {
  const predictions = instances.map((instance) => ({
    score: scoreOf(instance),
    label: 0,
    ...(given.shap === false ? {} : { shap: given.shap ?? [0, 0, 0, 0] }),
  }));
  const named = given.packageArn === null ? {} : { model_package: given.packageArn ?? ARN };
  const answer = { ...named, features: FEATURES, predictions };
  return captureLine(
    {
      input: { type: 'application/json', data: JSON.stringify({ instances }) },
      output: { type: 'application/json', data: JSON.stringify(answer) },
    },
    { inferenceTime: at, ...(given.inferenceId === undefined ? {} : { inferenceId: given.inferenceId }) },
  );
}

const hour = (at: string) => captureHourPrefix('flights', 'modelway-flights', 'AllTraffic', new Date(at));

export const inHundreds = (rows: readonly Instance[], at: string, given: Parameters<typeof captured>[2] = {}) =>
  Array.from({ length: Math.ceil(rows.length / 100) }, (_, i) =>
    captured(rows.slice(100 * i, 100 * i + 100), at, given),
  );

const STARTED = '2001-02-01T00:00:00Z';

interface Trained {
  readonly baseline: Baseline;
  readonly setup: QualitySetup;
}

type Work = z.input<typeof MonitorRequestSchema>['work'];
export type Judged = Extract<FunctionOutput<'monitor'>, { outcome: 'judged' }>;

/** Labels as the scores say, by digits of the row that the score does not depend on: the model is right about the world. */
export const labelOf = (row: Instance): 0 | 1 => ((Number(row.earlier) * 12_345.678) % 1 < scoreOf(row) ? 1 : 0);
const WATCHED = flightsModel();
export const SETUP = fitQualitySetup({
  features: watchedFeatures(WATCHED),
  instances: training,
  scores: training.map(scoreOf),
  labels: training.map(labelOf),
  days: training.map(({ departs }) => dayOf(instantOf(departs))),
  threshold: 0.35,
  slices: ['origin'],
  protected: ['origin'],
  explained: { names: FEATURES, shap: training.map(() => [0, 0.1, 1, 0.2]) },
  business: [],
});

/** A lake with a baseline, a live model, and a monitoring machine that runs the steps as the template's does. */
export function stage(
  options: {
    live?: boolean;
    quality?: boolean;
    monitoring?: object;
    tools?: Partial<MonitorTools>;
    now?: () => Date;
    lake?: MemoryLake;
    lineage?: MemoryLineage;
    model?: ModelConfig;
  } = {},
) {
  const model: ModelConfig =
    options.model ?? flightsModel({ monitoring: { every: 'day', lagMinutes: 30, ...options.monitoring } });
  const lake = options.lake ?? memoryLake();
  const lineage = options.lineage ?? memoryLineage();
  const emitted: Record<string, number>[] = [];
  const put = (at: string, lines: readonly string[], file = 'f.jsonl') =>
    lake.putText(`${hour(at)}${file}`, `${lines.join('\n')}\n`, 'application/jsonlines');
  /** What a training run leaves behind: a package on record, a baseline, and what its test set taught. */
  const trained = async (packageArn: string, runId: string, given: Partial<Trained> = {}) => {
    await lineage.put(
      packageRecord('flights', { kind: 'package', id: packageArn, at: STARTED, parents: [`run#${runId}`], detail: {} }),
    );
    const text = JSON.stringify(given.baseline ?? baseline);
    await lake.putText(runKeys('flights', runId).baseline, text, 'application/json');
    if (options.quality === true) await putPacked(lake, runKeys('flights', runId).quality, given.setup ?? SETUP);
  };
  /** A deployment that was verified at `since`. */
  const deployed = async (packageArn: string, runId: string, since: string) => {
    const before = (await lineage.live('flights'))?.packageArn ?? null;
    await lineage.setLive('flights', { packageArn, modelName: 'm', endpointConfigName: 'c', runId, since }, before);
  };
  const ready = (async () => {
    await trained(ARN, 'run-1');
    if (options.live !== false) await deployed(ARN, 'run-1', STARTED);
    lake.writes.length = 0;
  })();
  const tools: MonitorTools = {
    platform: 'modelway',
    lakeBucket: 'lake',
    runbookUrl: 'https://docs.example/runbook.md',
    lake,
    lineage,
    emit: (_, values) => void emitted.push({ ...values }),
    now: options.now ?? (() => new Date('2001-02-03T00:31:00Z')),
    wholeBytes: 1e9,
    shardBytes: 1e9,
    ...options.tools,
  };
  const steps: Work['step'][] = [];
  const step = async (work: Work): Promise<FunctionOutput<'monitor'>> => {
    await ready;
    steps.push(work.step);
    const request = MonitorRequestSchema.parse({ model, execution: 'e-1', work });
    const answer = await monitor(request, tools);
    MonitorResultSchema.parse(answer);
    return answer;
  };
  /** Counts the shards, in the order given, and merges, when the window was planned; then records the judgement. */
  const finish = async (answer: FunctionOutput<'monitor'>): Promise<Judged> => {
    let last = answer;
    if (last.outcome === 'planned') {
      const { task, plan, shards } = last;
      for (const shard of shards.toReversed()) await step({ step: 'count', task, plan, shard });
      last = await step({ step: 'merge', task, plan });
    }
    if (last.outcome !== 'judged') throw new Error(`the step ended ${last.outcome}`);
    const { recordId: id, judgement: detail } = last;
    await lineage.put(
      lineageRecord({ model: 'flights', kind: 'window', id, at: tools.now().toISOString(), parents: [], detail }),
    );
    return last;
  };
  /** A whole execution: every window it judged, in order. */
  const execute = async (request: WindowsInput): Promise<readonly Judged[]> => {
    const first = await step({ step: 'begin', request });
    const judged = [await finish(first)];
    const todo: readonly WindowTask[] = first.outcome === 'counted' ? [] : (first.todo ?? []);
    for (const task of todo) judged.push(await finish(await step({ step: 'judge', task })));
    return judged;
  };
  const run = async (windowEnd = FIRED) => {
    const judged = await execute({ windowEnd });
    const last = judged.at(-1);
    if (last === undefined) throw new Error('nothing was judged');
    return last.judgement;
  };
  const report = () => WindowReportSchema.parse(JSON.parse(lake.text(REPORT)));
  return {
    model,
    lake,
    lineage,
    emitted,
    put,
    run,
    execute,
    step,
    steps,
    finish,
    report,
    tools,
    trained,
    // After the first version, however long its training takes to be stored.
    deployed: async (...version: Parameters<typeof deployed>) => {
      await ready;
      await deployed(...version);
    },
    ready,
  };
}
