import { type Duck, openDuck, quoteText } from '../../core/duckdb.ts';
import type { Table } from '../../core/profile/table.ts';
import { CATEGORIES, NUMERIC } from './columns.ts';

/** Different values of the ten categories. */
const SIZES = [2, 3, 5, 8, 12, 20, 50, 100, 400, 10_000] as const;

/**
 * Writes rows of 20 numeric and 10 category columns as Parquet (zstd): normal, log-normal, concentrated, whole and zero-inflated
 * numbers of at most four decimals, every fourth column with 3 % missing, and values of Zipf-like frequency. The same seed, the same rows;
 * `drifted` moves the first column by a fifth of a standard deviation.
 */
export async function writeRows(
  path: string,
  { rows, seed, drifted, folder }: { rows: number; seed: number; drifted: boolean; folder: string },
): Promise<void> {
  const duck = await openDuck({ folder, memoryMegabytes: 1024 });
  const uniform = (salt: number) => `((hash(i, ${salt}, ${seed}) >> 11)::DOUBLE / 9007199254740992)`;
  const normal = (salt: number) => `sqrt(-2 * ln(1 - ${uniform(salt)})) * cos(2 * pi() * ${uniform(salt + 1000)})`;
  const numbers = NUMERIC.map((name, index) => {
    const shapes = [
      `round(${normal(index)} + ${drifted && index === 0 ? 0.2 : 0}, 4)`,
      `round(exp(${normal(index)}), 4)`,
      `round(100 + 15 * ${normal(index)}, 2)`,
      `floor(${uniform(index)} * 1000)`,
      `CASE WHEN ${uniform(index + 500)} < 0.3 THEN 0 ELSE round(50 * ${uniform(index)}, 3) END`,
    ];
    const value = shapes[index % shapes.length];
    const missing = index % 4 === 1 ? `CASE WHEN ${uniform(index + 300)} < 0.03 THEN NULL ELSE ${value} END` : value;
    return `(${missing})::DOUBLE AS ${name}`;
  });
  const values = CATEGORIES.map(
    (name, index) => `'v' || floor(power(${uniform(index + 700)}, 2) * ${SIZES[index]})::INT AS ${name}`,
  );
  await duck.run(
    `COPY (SELECT ${[...numbers, ...values].join(', ')} FROM range(${rows}) t(i)) TO ${quoteText(path)} (FORMAT parquet, COMPRESSION zstd)`,
  );
  duck.close();
}

/** The generated rows of a Parquet file as a table. */
export async function tableOf(duck: Duck, path: string): Promise<Table> {
  const [[rows] = []] = await duck.rows(`SELECT num_rows FROM parquet_file_metadata(${quoteText(path)})`);
  const columns = new Map([
    ...NUMERIC.map((name) => [name, 'number'] as const),
    ...CATEGORIES.map((name) => [name, 'text'] as const),
  ]);
  return { duck, from: `read_parquet(${quoteText(path)})`, columns, rows: Number(rows) };
}
