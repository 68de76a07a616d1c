import { readFile, writeFile } from 'node:fs/promises';
import { BaselineSchema } from '../../contracts/profile.ts';
import { openDuck } from '../../core/duckdb.ts';
import { profileTable } from '../../core/profile/profile-table.ts';
import { MODEL } from './columns.ts';
import { tableOf } from './generated.ts';
import { contender } from './own-cost.ts';

/** `FOLDER BASELINE.json WINDOW.parquet PROFILE.json`: the window's profile over the bins of a stored baseline. */
contender(async ([folder = '', stored = '', window = '', output = '']) => {
  const baseline = BaselineSchema.parse(JSON.parse(await readFile(stored, 'utf8')));
  const duck = await openDuck({ folder, memoryMegabytes: 256 });
  await writeFile(output, JSON.stringify(await profileTable(baseline.profile, MODEL, await tableOf(duck, window))));
  duck.close();
});
