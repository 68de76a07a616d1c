import type { CsvProblem } from './csv-problems.ts';

/**
 * Splits CSV text into records and cells (RFC 4180; also lone CR and LF as line ends, and quotes inside unquoted cells taken as
 * they are). Works on text that may end in the middle of a record: the caller gives the rest again with more behind it.
 */

const [QUOTE, LF, CR] = [34, 10, 13];

/** One record. `cells` is reused for the next; `end` is where the next record begins. */
export interface CsvRecord {
  readonly cells: (string | null)[];
  /** How many cells the record has; `cells` holds at most one more than `mostCells`. */
  count: number;
  end: number;
  /** What is wrong with the record, if anything. */
  problem: CsvProblem | undefined;
}

export interface CsvRules {
  readonly delimiter: number;
  /** Cells beyond this are counted, not kept. */
  readonly mostCells: number;
  readonly maxCell: number;
}

export const emptyRecord = (): CsvRecord => ({ cells: [], count: 0, end: 0, problem: undefined });

/** Reads the record at `start` into `record`; false when the text ends before the record does and `final` is not set. */
export function readRecord(text: string, start: number, final: boolean, rules: CsvRules, record: CsvRecord): boolean {
  const { delimiter, mostCells, maxCell } = rules;
  const length = text.length;
  let at = start;
  let count = 0;
  record.cells.length = 0;
  record.problem = undefined;
  for (;;) {
    let cell: string;
    if (text.charCodeAt(at) === QUOTE) {
      const end = closingQuote(text, at + 1);
      if (end === -1) {
        if (!final) return false;
        record.problem = 'unclosed-quote';
        record.end = length;
        record.count = count + 1;
        return true;
      }
      cell = unquoted(text, at + 1, end);
      at = end + 1;
      const from = at;
      at = cellEnd(text, at, delimiter);
      if (at > from) record.problem = 'text-after-quote';
    } else {
      const from = at;
      at = cellEnd(text, at, delimiter);
      cell = at === from ? '' : text.slice(from, at);
    }
    if (at === length && !final) return false;
    if (cell.length > maxCell) record.problem = 'long-cell';
    if (count <= mostCells) record.cells.push(cell === '' ? null : cell);
    count++;
    if (at < length && text.charCodeAt(at) === delimiter) {
      at++;
      continue;
    }
    if (text.charCodeAt(at) === CR) {
      // A CR at the end of the text may be half of a CRLF.
      if (at + 1 === length && !final) return false;
      at++;
      if (text.charCodeAt(at) === LF) at++;
    } else if (at < length) at++;
    record.end = at;
    record.count = count;
    return true;
  }
}

function cellEnd(text: string, from: number, delimiter: number): number {
  const length = text.length;
  let at = from;
  while (at < length) {
    const code = text.charCodeAt(at);
    if (code === delimiter || code === LF || code === CR) break;
    at++;
  }
  return at;
}

/** Index of the quote that closes a cell, or -1 when the text ends first (also when it might still be doubled). */
function closingQuote(text: string, from: number): number {
  for (let at = text.indexOf('"', from); at !== -1; at = text.indexOf('"', at + 2))
    if (text.charCodeAt(at + 1) !== QUOTE) return at;
  return -1;
}

function unquoted(text: string, from: number, end: number): string {
  const inner = text.slice(from, end);
  return inner.includes('"') ? inner.replaceAll('""', '"') : inner;
}
