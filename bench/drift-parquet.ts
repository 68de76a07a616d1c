import { join } from 'node:path';
import type { Bench, BenchContext, Figure } from './bench.ts';
import { type Cost, ours, peer, takeTurns } from './contender.ts';
import { writeRows } from './contenders/generated.ts';

const REPETITIONS = 3;

/** What each peer does, and how many times our CPU it should take at least for the whole job. */
const PEERS = [
  { name: 'pandas', script: 'drift_pandas.py', atLeast: 3, does: 'pandas 2.2.3, exact scipy 1.14.1 tests, describe' },
  { name: 'deepchecks', script: 'drift_deepchecks.py', atLeast: 4, does: 'deepchecks 0.19.1 FeatureDrift, describe' },
  {
    name: 'evidently',
    script: 'drift_evidently.py',
    atLeast: 40,
    does: 'evidently 0.7.23 DataDriftPreset, DataSummaryPreset',
  },
] as const;

/** CPU of drift detection on Parquet files, against the decode floor and three Python peers. */
export const driftParquet: Bench = {
  name: 'drift-parquet',
  summary: 'CPU of drift on Parquet, 30 columns: against decoding alone, pandas + scipy, deepchecks and Evidently',
  environments: PEERS.map(({ name }) => `bench-${name}`),
  run: async (context) => {
    const rows = context.quick ? 100_000 : 1_000_000;
    const costs = await measured(context, rows);
    return figuresOf(costs, rows);
  },
};

async function measured(context: BenchContext, rows: number): Promise<ReadonlyMap<string, Cost>> {
  const { scratch: folder, say } = context;
  const file = (name: string) => join(folder, name);
  const [reference, window] = [file('reference.parquet'), file('window.parquet')];
  say(`writing twice ${rows} rows of 30 columns`);
  await writeRows(reference, { rows, seed: 1, drifted: false, folder });
  await writeRows(window, { rows, seed: 2, drifted: true, folder });
  const baseline = await ours(context, 'baseline', 'baseline', [folder, reference, file('baseline.json')]);
  await takeTurns([baseline], 1, context);
  const contenders = [
    await ours(context, 'floor', 'decode-floor', [folder, window]),
    await ours(context, 'count', 'count-floor', [folder, window]),
    await ours(context, 'window', 'window', [folder, file('baseline.json'), window, file('profile.json')]),
    await ours(context, 'job', 'whole-job', [folder, reference, window, file('report.json')]),
    ...PEERS.map(({ name, script }) => ({
      ...peer(context, name, script, [reference, window]),
      // One run of it takes as long as fifty of ours.
      ...(name === 'evidently' && !context.quick ? { repetitions: 1 } : {}),
    })),
  ];
  return takeTurns(contenders, REPETITIONS, context);
}

function figuresOf(costs: ReadonlyMap<string, Cost>, rows: number): readonly Figure[] {
  const cpu = (name: string) => costs.get(name)?.cpuSeconds ?? Number.NaN;
  const memory = (name: string) => costs.get(name)?.peakMegabytes ?? Number.NaN;
  const seconds = (what: string, name: string, note: string): Figure[] => [
    { what: `${what}, CPU`, value: cpu(name), unit: 's', note },
    { what: `${what}, memory`, value: memory(name), unit: 'MB' },
  ];
  const size = `${rows} rows × 30, whole process, least of ${REPETITIONS} runs in turns`;
  return [
    ...seconds('decode floor', 'floor', `${size}: DuckDB decodes, max() of every column, one thread`),
    {
      what: 'count floor, CPU',
      value: cpu('count'),
      unit: 's',
      note: 'the same with count(): texts need not be compared',
    },
    ...seconds('window over a stored baseline', 'window', 'bundled as a Lambda is, one thread of DuckDB'),
    { what: 'window ÷ decode floor', value: cpu('window') / cpu('floor'), unit: '×', goal: { atMost: 3 } },
    { what: 'window ÷ count floor', value: cpu('window') / cpu('count'), unit: '×' },
    ...seconds('whole job', 'job', 'baseline, window, and the report with every test'),
    ...PEERS.flatMap(({ name, atLeast, does }): Figure[] => [
      ...seconds(name, name, `${does}; same files`),
      { what: `${name} ÷ whole job`, value: cpu(name) / cpu('job'), unit: '×', goal: { atLeast } },
    ]),
  ];
}
