import type { Rule } from '../../../contracts/findings.ts';
import type { Cell } from '../normalise/cell.ts';
import type { PlainRows } from '../plain/plain-rows.ts';

/** Where readers deliver what they read, row by row, in the order of the file. */
export interface RowSink {
  /** Names of the file's columns, before any row. */
  header(names: readonly string[]): void;
  /** A row's cells in the order of the header; `raw` shows the row as it was in the file and is only valid during the call. */
  row(cells: readonly (Cell | undefined)[], raw: () => string): void;
  /** Takes rows of CSV straight from bytes where it can; asked once, behind the header. Left out: every row is read as text. */
  plain?(delimiter: number): PlainRows | undefined;
  /** A row that cannot be split into cells. */
  malformed(message: string, raw: string): void;
  /** A key that the header does not name, in formats where every row has its own keys. */
  unknownColumn(name: string): void;
  /** How many rows were delivered so far, malformed ones included. */
  rows(): number;
  /** Lets what was written reach the disk; called between chunks so that memory stays bounded. */
  drain(): Promise<void>;
}

/** Ends the reading of a file that must be refused as a whole; caught where the report is made. */
export class RefusedFile extends Error {
  readonly rule: Rule;
  readonly row: number | null;

  constructor(
    rule: Extract<Rule, 'unreadable' | 'encoding' | 'too-large'>,
    message: string,
    row: number | null = null,
  ) {
    super(message);
    this.name = 'RefusedFile';
    this.rule = rule;
    this.row = row;
  }
}

/** The content is larger than `maxBytes`, and the caller asked to be told. */
export class ContentBeyondLimit extends Error {
  override readonly name = 'ContentBeyondLimit';
}

/** What is thrown when a file's content is larger than the limits allow. */
export const beyondLimit = ({ maxBytes, beyond }: ReadLimits, message: string): RefusedFile | ContentBeyondLimit =>
  beyond === 'throw'
    ? new ContentBeyondLimit(`more than ${maxBytes} bytes of content`)
    : new RefusedFile('too-large', message);

/** Limits that keep one file from using more memory, disk or time than a function has. */
export interface ReadLimits {
  /** Most bytes after decompression. */
  readonly maxBytes: number;
  /** What becomes of a file with more: it is refused, or `ContentBeyondLimit` is thrown for a caller that has more room elsewhere. Left out: refused. */
  readonly beyond?: 'refuse' | 'throw';
  /** Most bytes a compressed byte may become, once 64 MB are out; more is a bomb. */
  readonly maxRatio: number;
  /** Most characters of one cell. */
  readonly maxCell: number;
  /** Most characters of one row. */
  readonly maxRow: number;
  /** Most columns of a file. */
  readonly maxColumns: number;
}

export const DEFAULT_LIMITS: ReadLimits = {
  maxBytes: 10 * 2 ** 30,
  maxRatio: 250,
  maxCell: 2 ** 20,
  maxRow: 8 * 2 ** 20,
  maxColumns: 10_000,
};
