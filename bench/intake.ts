import { mkdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Bench, Figure } from './bench.ts';
import { ours, peer, takeTurns } from './contender.ts';
import { INTAKE_SCHEMA, writeIntakeRows } from './intake-rows.ts';

const REPETITIONS = 3;
const PEERS = [
  { name: 'pandera', script: 'intake_pandera.py', does: 'pandera 0.35.0 on pandas 3.1.1' },
  {
    name: 'great-expectations',
    script: 'intake_great_expectations.py',
    does: 'Great Expectations 1.24.1 on pandas 3.1.1',
  },
] as const;

/** CPU and memory of checking a CSV file and writing it as typed Parquet, against two Python peers with the same rules. */
export const intake: Bench = {
  name: 'intake',
  summary: 'CPU and memory of validating and normalising CSV, 30 columns: against pandera and Great Expectations',
  environments: ['bench-intake'],
  run: async (context) => {
    const { scratch, say, quick } = context;
    const rows = quick ? 100_000 : 1_000_000;
    const [upload, schema, folder] = ['upload.csv', 'schema.json', 'ours'].map((name) => join(scratch, name));
    say(`writing ${rows} rows of ${INTAKE_SCHEMA.columns.length} columns`);
    await writeIntakeRows(upload ?? '', rows, 1);
    await writeFile(schema ?? '', JSON.stringify(INTAKE_SCHEMA));
    await mkdir(folder ?? '');
    const contenders = [
      await ours(context, 'modelway', 'intake', [folder ?? '', upload ?? '', String(rows)]),
      ...PEERS.map(({ name, script }) => ({
        ...peer(context, 'intake', script, [upload ?? '', schema ?? '', join(scratch, `${name}.parquet`)]),
        name,
      })),
    ];
    const costs = await takeTurns(contenders, REPETITIONS, context);
    const cost = (name: string) => costs.get(name) ?? { cpuSeconds: Number.NaN, peakMegabytes: Number.NaN };
    const own = cost('modelway');
    const megabytes = Math.round((await stat(upload ?? '')).size / 2 ** 20);
    const figures: Figure[] = [
      {
        what: 'modelway, CPU',
        value: own.cpuSeconds,
        unit: 's',
        note: `${rows} rows, ${megabytes} MB, lowest of ${REPETITIONS}`,
      },
      {
        what: 'modelway, memory',
        value: own.peakMegabytes,
        unit: 'MB',
        goal: { atMost: 300 },
        note: 'highest of all runs',
      },
    ];
    for (const { name, does } of PEERS)
      figures.push(
        { what: `${name}, CPU`, value: cost(name).cpuSeconds, unit: 's', note: does },
        { what: `${name}, memory`, value: cost(name).peakMegabytes, unit: 'MB' },
        {
          what: `CPU of modelway / ${name}`,
          value: own.cpuSeconds / cost(name).cpuSeconds,
          unit: '×',
          goal: { atMost: 0.5 },
        },
      );
    return figures;
  },
};
