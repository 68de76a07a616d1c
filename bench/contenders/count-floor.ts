import { openDuck, quoteText } from '../../core/duckdb.ts';
import { COLUMNS } from './columns.ts';
import { contender } from './own-cost.ts';

/** `FOLDER WINDOW.parquet`: a lower floor still: only the non-null values of every column are counted. */
contender(async ([folder = '', window = '']) => {
  const duck = await openDuck({ folder, memoryMegabytes: 256 });
  await duck.rows(
    `SELECT ${COLUMNS.map((name) => `count(${name})`).join(', ')} FROM read_parquet(${quoteText(window)})`,
  );
  duck.close();
});
