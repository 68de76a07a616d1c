import { join } from 'node:path';
import type { Bench } from './bench.ts';
import { ours, takeTurns } from './contender.ts';
import { writeRows } from './contenders/generated.ts';

/** Memory of profiling a large window. */
export const profile10m: Bench = {
  name: 'profile-10m',
  summary: 'memory and CPU of profiling ten million rows of 30 columns over a stored baseline',
  environments: [],
  run: async (context) => {
    const { scratch: folder, quick, say } = context;
    const rows = quick ? 1_000_000 : 10_000_000;
    const file = (name: string) => join(folder, name);
    say(`writing ${rows} rows of 30 columns`);
    await writeRows(file('reference.parquet'), { rows: 200_000, seed: 1, drifted: false, folder });
    await writeRows(file('window.parquet'), { rows, seed: 2, drifted: true, folder });
    const made = [folder, file('reference.parquet'), file('baseline.json')];
    await takeTurns([await ours(context, 'baseline', 'baseline', made)], 1, context);
    const args = [folder, file('baseline.json'), file('window.parquet'), file('profile.json')];
    const costs = await takeTurns([await ours(context, 'window', 'window', args)], 1, context);
    const { cpuSeconds = Number.NaN, peakMegabytes = Number.NaN } = costs.get('window') ?? {};
    return [
      {
        what: 'memory',
        value: peakMegabytes,
        unit: 'MB',
        goal: { atMost: 400 },
        note: `${rows} rows × 30, resident, peak`,
      },
      { what: 'CPU', value: cpuSeconds, unit: 's', note: 'whole process, one thread of DuckDB' },
    ];
  },
};
