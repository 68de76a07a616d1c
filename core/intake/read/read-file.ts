import type { Duck } from '../../duckdb.ts';
import { contentOf, firstBytes } from './bytes.ts';
import { isParquet, textFormatOf } from './format.ts';
import { readCsvBytes } from './read-csv.ts';
import { readJsonArray, readJsonLines } from './read-json.ts';
import { readParquet } from './read-parquet.ts';
import type { ReadLimits, RowSink } from './row-sink.ts';
import { utf8Text } from './utf8.ts';

export interface FileToRead {
  readonly path: string;
  readonly name: string;
  readonly bytes: number;
  /** Names of the columns to read, which also tell the delimiter of a CSV file; JSON rows have others as unknown columns. */
  readonly names: readonly string[];
  readonly limits: ReadLimits;
  readonly duck: Duck;
}

/** Reads a file of any format we know into rows. @throws RefusedFile when it must be refused as a whole */
export async function readFile(file: FileToRead, sink: RowSink): Promise<void> {
  const { path, name, bytes, names, limits, duck } = file;
  if (isParquet(await firstBytes(path))) return readParquet(path, bytes, limits, duck, sink);
  const content = contentOf(path, limits);
  try {
    const first = await content.next();
    if (first.done === true) return;
    const format = textFormatOf(first.value, name);
    const bytes = prepended(first.value, content);
    if (format === 'csv') return await readCsvBytes(bytes, new Set(names), limits, sink);
    const text = utf8Text(bytes, sink.rows);
    await (format === 'json-lines' ? readJsonLines : readJsonArray)(text, names, limits, sink);
  } finally {
    // Closes the file also when the reading stopped before its end.
    await content.return(undefined);
  }
}

async function* prepended(first: Buffer, rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield first;
  yield* rest;
}
