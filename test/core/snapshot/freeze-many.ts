import { join } from 'node:path';
import { parseModel } from '../../../contracts/model-config.ts';
import { openDuck, quoteText } from '../../../core/duckdb.ts';
import { baselineOfTable } from '../../../core/profile/baseline-of-table.ts';
import { storedTable } from '../../../core/profile/stored-table.ts';
import { freezeSnapshot } from '../../../core/snapshot/freeze-snapshot.ts';

/** Freezes so many made-up rows and profiles the training set, in a process whose heap its caller bounds. */
const [folder = '', count = ''] = process.argv.slice(2);
const model = parseModel({
  name: 'many',
  data: {
    columns: [
      { name: 'at', kind: 'timestamp' },
      { name: 'place', kind: 'categorical' },
      { name: 'weight', kind: 'numeric' },
      { name: 'late', kind: 'boolean' },
    ],
    target: 'late',
    time: 'at',
  },
  training: { source: 'src', instances: ['ml.m5.large'] },
  serving: { kind: 'realtime', instanceType: 'ml.m5.large', instanceCount: 1, strategy: { kind: 'all-at-once' } },
});
const duck = await openDuck({ folder });
const part = join(folder, 'part.parquet');
await duck.run(`COPY (
  SELECT TIMESTAMP '2001-01-01' + to_seconds(i) AS at, 'p' || (i % 50) AS place, (i % 1009) / 7.0 AS weight, i % 3 = 0 AS late
  FROM range(${Number(count)}) AS made(i)
) TO ${quoteText(part)} (FORMAT parquet)`);
const { paths, rows } = await freezeSnapshot(model, [part], folder, duck);
const { profile } = await baselineOfTable(
  model,
  storedTable(model.data, { paths: [paths.train], rows: rows.train }, duck),
);
duck.close();
process.stdout.write(JSON.stringify({ train: rows.train, profiled: profile.rows }));
