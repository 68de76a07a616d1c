import type { PlainRows } from '../plain/plain-rows.ts';
import { detectDelimiter } from './csv-delimiter.ts';
import { type LongRecord, longRecord } from './csv-long-record.ts';
import { csvProblemText, refuseSwallowed } from './csv-problems.ts';
import { type CsvRules, emptyRecord, readRecord } from './csv-records.ts';
import { type ReadLimits, RefusedFile, type RowSink } from './row-sink.ts';
import { utf8Decoder } from './utf8.ts';

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

/** Bytes that are read as text when a row is not plain: one line, and twice as much as long as no row is. */
const [LEAST_PIECE, MOST_PIECE] = [1, 1 << 16];

/**
 * Reads CSV as bytes: rows that are plain are handed over as they are, and text is made only of what is not. @throws RefusedFile
 */
export async function readCsvBytes(
  chunks: AsyncIterable<Buffer>,
  expected: ReadonlySet<string>,
  limits: ReadLimits,
  sink: RowSink,
): Promise<void> {
  const reader = csvReader(expected, limits, sink);
  const decoder = utf8Decoder(sink.rows);
  let plain: PlainRows | undefined;
  let asked = false;
  let carry: Buffer = Buffer.alloc(0);
  let piece = LEAST_PIECE;

  /** Reads one piece of text, up to a line end where there is one; says where the next begins. */
  const readPiece = (bytes: Buffer, at: number): number => {
    const lineEnd = bytes.indexOf(10, at + piece - 1);
    const end = lineEnd === -1 ? bytes.length : lineEnd + 1;
    reader.read(decoder.decode(bytes.subarray(at, end)), false);
    if (plain !== undefined) piece = Math.min(MOST_PIECE, piece * 2);
    return end;
  };

  /** Reads all but an unfinished line at the end, which is given back when plain rows may follow it. */
  const readChunk = (bytes: Buffer): Buffer => {
    let at = 0;
    while (at < bytes.length) {
      if (!asked && reader.delimiter() !== undefined) {
        asked = true;
        plain = sink.plain?.(reader.delimiter() ?? 0);
      }
      if (plain === undefined && asked) piece = bytes.length;
      if (plain !== undefined && reader.isBetweenRows()) {
        const taken = plain.take(bytes, at);
        decoder.skip(taken - at);
        if (taken > at) piece = LEAST_PIECE;
        at = taken;
        if (at < bytes.length && bytes.length - at <= MOST_PIECE && bytes.indexOf(10, at) === -1)
          return Buffer.from(bytes.subarray(at));
      }
      if (at < bytes.length) at = readPiece(bytes, at);
    }
    return Buffer.alloc(0);
  };

  const join = joiner();
  for await (const chunk of chunks) {
    carry = readChunk(carry.length === 0 ? chunk : join(carry, chunk));
    await sink.drain();
  }
  const rest = decoder.decode(carry);
  decoder.end();
  reader.read(rest, true);
}

/** Puts pieces together in one buffer that is used again and again, as new ones would keep the garbage collector busy. */
function joiner(): (first: Buffer, second: Buffer) => Buffer {
  let joined = Buffer.alloc(0);
  return (first, second) => {
    const length = first.length + second.length;
    if (length > joined.length) joined = Buffer.allocUnsafeSlow(length + MOST_PIECE);
    first.copy(joined);
    second.copy(joined, first.length);
    return joined.subarray(0, length);
  };
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

  return {
    read,
    /** The delimiter, once the header was read. */
    delimiter: () => rules?.delimiter,
    isBetweenRows: () => rest === '' && long === undefined,
  };
}
