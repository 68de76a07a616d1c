import { type Duck, quoteName, quoteText } from '../../duckdb.ts';
import { longestInDictionaries } from './dictionary-texts.ts';
import { beyondLimit, type ReadLimits, RefusedFile } from './row-sink.ts';

/** Small files may unpack as well as they like: cells, encoded bytes, and bytes of text that rows may repeat. */
const FREE_CELLS = 100_000_000;
const FREE_BYTES = 64 * 2 ** 20;
const FREE_TEXT_BYTES = 256 * 2 ** 20;
/** A dictionary repeats a text without a byte in the file, so more of it may be honest. */
const HONEST_REPEATS = 4;
/** The database hands out so many rows at a time, with every text in full. */
const ROWS_AT_ONCE = 2048;
const BYTES_AT_ONCE = 256 * 2 ** 20;
const LEAST_CUT_BYTES = 4096;

/** A column of the file, as the database names its type. */
export interface DescribedColumn {
  readonly name: string;
  readonly type: string;
}

/** Refuses more columns than are read, before the database describes them, which takes long. @throws RefusedFile */
export async function refuseWideFiles(path: string, { maxColumns }: ReadLimits, duck: Duck): Promise<void> {
  const [[columns] = []] = await duck.rows(
    `SELECT CAST(count(*) AS DOUBLE) FROM parquet_schema(${quoteText(path)}) WHERE coalesce(num_children, 0) = 0`,
  );
  if (Number(columns) > maxColumns)
    throw new RefusedFile('too-large', `the file has ${Number(columns)} columns; at most ${maxColumns} are read`);
}

/** Refuses files that say of themselves that they unpack to too much, before any row is read. @throws RefusedFile */
export async function refuseBombs(
  path: string,
  bytes: number,
  columns: number,
  limits: ReadLimits,
  duck: Duck,
): Promise<void> {
  const [[rows] = []] = await duck.rows(
    `SELECT CAST(sum(num_rows) AS DOUBLE) FROM parquet_file_metadata(${quoteText(path)})`,
  );
  const [[unpacked] = []] = await duck.rows(
    `SELECT CAST(coalesce(sum(total_uncompressed_size), 0) AS DOUBLE) FROM parquet_metadata(${quoteText(path)})`,
  );
  const cells = Number(rows) * columns;
  const encoded = Number(unpacked);
  if (encoded > limits.maxBytes)
    throw beyondLimit(limits, `unpacks to more than ${limits.maxBytes} bytes; split the file`);
  if (encoded > FREE_BYTES && encoded > bytes * limits.maxRatio) throw bomb(`${encoded} bytes`, bytes);
  if (cells > FREE_CELLS && cells > bytes * limits.maxRatio) throw bomb(`${cells} cells`, bytes);
  const longest = await longestInDictionaries(path, duck);
  const together = [...longest.values()].reduce((sum, length) => sum + length, 0);
  if (together * ROWS_AT_ONCE > BYTES_AT_ONCE)
    throw new RefusedFile(
      'too-large',
      `its dictionaries hold texts of ${together} bytes that each row may repeat; at most ${BYTES_AT_ONCE / ROWS_AT_ONCE} are read: write such texts without a dictionary`,
    );
  const repeated = Number(rows) * together;
  if (repeated > FREE_TEXT_BYTES && repeated > bytes * limits.maxRatio * HONEST_REPEATS)
    throw bomb(`up to ${repeated} bytes of text`, bytes);
}

/**
 * The bytes that a text may have; undefined for any, as the texts of no row group are so many that those of some rows could be too much at
 * once. Otherwise the longest texts are measured.
 */
export async function longestText(
  path: string,
  columns: readonly DescribedColumn[],
  duck: Duck,
): Promise<number | undefined> {
  const texts = columns.filter(({ type }) => isText(type)).map(({ name }) => quoteName(name));
  const [[largest] = []] = await duck.rows(
    `SELECT CAST(max(bytes) AS DOUBLE) FROM (SELECT sum(total_uncompressed_size) AS bytes FROM parquet_metadata(${quoteText(path)})
     WHERE type = 'BYTE_ARRAY' GROUP BY row_group_id)`,
  );
  if (texts.length === 0 || Number(largest ?? 0) <= BYTES_AT_ONCE) return undefined;
  const [[longest] = []] = await duck.rows(
    `SELECT CAST(${texts.map((text) => `coalesce(max(strlen(${text})), 0)`).join(' + ')} AS DOUBLE) FROM read_parquet(${quoteText(path)})`,
  );
  if (Number(longest) * ROWS_AT_ONCE <= BYTES_AT_ONCE) return undefined;
  return Math.max(LEAST_CUT_BYTES, Math.floor(BYTES_AT_ONCE / ROWS_AT_ONCE / texts.length));
}

/** Whether the database holds values of a type as texts of any length. */
export const isText = (type: string): boolean => type === 'VARCHAR' || type === 'JSON';

function bomb(what: string, bytes: number): RefusedFile {
  return new RefusedFile(
    'too-large',
    `says it holds ${what} in ${bytes} bytes, as decompression bombs do; split the file`,
  );
}
