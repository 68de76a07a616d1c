import { openDuck, quoteText } from '../../core/duckdb.ts';
import { COLUMNS } from './columns.ts';
import { contender } from './own-cost.ts';

/** `FOLDER WINDOW.parquet`: the least that any engine on DuckDB must do: decode every column, and take the largest value of each. */
contender(async ([folder = '', window = '']) => {
  const duck = await openDuck({ folder, memoryMegabytes: 256 });
  await duck.rows(`SELECT ${COLUMNS.map((name) => `max(${name})`).join(', ')} FROM read_parquet(${quoteText(window)})`);
  duck.close();
});
