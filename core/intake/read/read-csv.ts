import { detectDelimiter } from './csv-delimiter.ts';
import { type LongRecord, longRecord } from './csv-long-record.ts';
import { csvProblemText, refuseSwallowed } from './csv-problems.ts';
import { type CsvRules, emptyRecord, readRecord } from './csv-records.ts';
import { type ReadLimits, RefusedFile, type RowSink } from './row-sink.ts';

/** Reads CSV text into rows; the first record is the header, and names the delimiter. @throws RefusedFile */
export async function readCsv(
  chunks: AsyncIterable<string>,
  expected: ReadonlySet<string>,
  limits: ReadLimits,
  sink: RowSink,
): Promise<void> {
  const reader = csvReader(expected, limits, sink);
  for await (const chunk of chunks) {
    reader.read(chunk, false);
    await sink.drain();
  }
  reader.read('', true);
}

function csvReader(expected: ReadonlySet<string>, limits: ReadLimits, sink: RowSink) {
  const record = emptyRecord();
  let rest = '';
  let rules: CsvRules | undefined;
  let long: LongRecord | undefined;
  let text = '';
  let start = 0;
  const raw = () => text.slice(start, record.end).replace(/\r?\n$|\r$/, '');

  const header = (final: boolean): CsvRules | undefined => {
    text = text.replace(/^[\r\n]+/, '');
    const bounds = { mostCells: limits.maxColumns, maxCell: limits.maxCell };
    if (!final && !/[\r\n]/.test(text)) return undefined;
    const delimiter = detectDelimiter(text, expected, bounds);
    if (!readRecord(text, 0, final, { ...bounds, delimiter }, record)) return undefined;
    if (record.count > limits.maxColumns)
      throw new RefusedFile(
        'too-large',
        `the header has ${record.count} columns; at most ${limits.maxColumns} are read`,
      );
    if (record.problem !== undefined)
      throw new RefusedFile(
        'unreadable',
        `the header cannot be read: ${csvProblemText(record.problem, limits.maxCell)}`,
      );
    start = record.end;
    sink.header(record.cells.map((cell) => cell?.trim() ?? ''));
    return { delimiter, mostCells: record.count, maxCell: limits.maxCell };
  };

  const records = (known: CsvRules, final: boolean): void => {
    while (start < text.length && readRecord(text, start, final, known, record)) {
      deliver(known);
      start = record.end;
    }
  };

  const deliver = (known: CsvRules): void => {
    const { cells, count, problem } = record;
    // An empty line is no row, except where it can be one: a missing value of the only column.
    if (count === 1 && cells[0] === null && known.mostCells > 1) return;
    if (problem !== undefined) {
      if (problem === 'unclosed-quote') refuseSwallowed(raw().split('\n').length - 1, sink);
      sink.malformed(csvProblemText(problem, limits.maxCell), raw());
    } else if (count !== known.mostCells)
      sink.malformed(`has ${count} cells where the header has ${known.mostCells}`, raw());
    else sink.row(cells, raw);
  };

  const read = (chunk: string, final: boolean): void => {
    if (long !== undefined && rules !== undefined) {
      const end = long.skip(chunk);
      if (end === undefined) {
        if (final) long.finish(sink);
        return;
      }
      long.finish(sink);
      long = undefined;
      rest = chunk.slice(end);
    } else rest = rest === '' ? chunk : rest + chunk;
    text = rest;
    start = 0;
    rules ??= text === '' ? undefined : header(final);
    if (rules !== undefined) records(rules, final);
    rest = text.slice(start);
    if (rest.length <= limits.maxRow) return;
    if (rules === undefined) throw new RefusedFile('unreadable', 'the first line is too long to be a header');
    long = longRecord(rest, rules.delimiter, limits.maxRow);
    rest = '';
  };

  return { read };
}
