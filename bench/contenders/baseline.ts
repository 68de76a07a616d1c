import { writeFile } from 'node:fs/promises';
import { openDuck } from '../../core/duckdb.ts';
import { baselineOfTable } from '../../core/profile/baseline-of-table.ts';
import { MODEL } from './columns.ts';
import { tableOf } from './generated.ts';
import { contender } from './own-cost.ts';

/** `FOLDER REFERENCE.parquet BASELINE.json`: the baseline of the reference rows, stored. */
contender(async ([folder = '', reference = '', output = '']) => {
  const duck = await openDuck({ folder, memoryMegabytes: 256 });
  await writeFile(output, JSON.stringify(await baselineOfTable(MODEL, await tableOf(duck, reference))));
  duck.close();
});
