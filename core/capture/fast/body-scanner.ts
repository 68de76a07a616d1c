import { decodeBase64, decoded } from './base64.ts';
import { scanCsv } from './csv-scanner.ts';
import { withoutEscapes } from './envelope.ts';
import { jsonScanner } from './json-scanner.ts';
import type { BodyForm } from './line-template.ts';
import { pendingRows, type RowStore, takeBack } from './row-store.ts';
import { type Source, sourceOf } from './text-scanner.ts';

/** Longest body that is copied to be read here. */
const MOST_SCRATCH_BYTES = 1 << 20;
const FIRST_SCRATCH_BYTES = 1 << 14;
/** Room before and behind a copied body, so that scanners may look around its ends. */
const MARGIN = 32;

/** Reads the rows of request bodies. */
export interface BodyScanner {
  /**
   * Reads a body that begins at a byte and ends with a quote, where it lies; gives where the quote stands, or −1. `to` is where the line
   * ends.
   */
  readonly inPlace: (source: Source, from: number, to: number, form: BodyForm, into: RowStore) => number;
  /** Reads the body in `[from..to)`, from a copy without escapes where it must be; false for what is left to the general decoder. */
  readonly within: (source: Source, from: number, to: number, form: BodyForm, into: RowStore) => boolean;
}

/** A scanner of bodies whose CSV rows hold `columns`, and whose objects may hold `names`. */
export function bodyScanner(columns: readonly string[], names: readonly string[]): BodyScanner {
  const header = Buffer.from(columns.join(','), 'utf8');
  // Rows of CSV and arrays must have exactly the model's columns; with others watched beside them only objects are read here.
  const byPosition = names.length === columns.length && columns.length > 1;
  const scanPlain = jsonScanner(names, byPosition, 'plain');
  const scanEscaped = jsonScanner(names, byPosition, 'escaped');
  let scratch = sourceOf(Buffer.alloc(FIRST_SCRATCH_BYTES));
  const makeRoom = (bytes: number) => {
    if (bytes + 2 * MARGIN > scratch.bytes.length) scratch = sourceOf(Buffer.alloc(2 * (bytes + 2 * MARGIN)));
  };
  const scanScratch = (length: number, csv: boolean, into: RowStore): boolean => {
    // What an earlier body left there must not lengthen this one.
    scratch.bytes[MARGIN + length] = 0;
    const end = csv ? scanCsv(scratch, MARGIN, 'plain', into, header) : scanPlain(scratch, MARGIN, into);
    return end === MARGIN + length;
  };
  const inPlace: BodyScanner['inPlace'] = (source, from, to, form, into) => {
    if (from < 0 || form === 'other') return -1;
    if (form === 'json') return scanEscaped(source, from, into);
    const csv = form !== 'base64-json';
    if (csv && !byPosition) return -1;
    if (form === 'csv') return scanCsv(source, from, 'escaped', into, header);
    if (to - from > MOST_SCRATCH_BYTES) return -1;
    makeRoom(to - from);
    if (!decodeBase64(source, from, scratch.view, MARGIN)) return -1;
    const end = decoded.end;
    return scanScratch(decoded.length, csv, into) ? end : -1;
  };
  const within: BodyScanner['within'] = (source, from, to, form, into) => {
    if (inPlace(source, from, to + 1, form, into) === to && pendingRows(into) > 0) return true;
    takeBack(into);
    if (to - from > MOST_SCRATCH_BYTES || (form === 'csv' ? !byPosition : form !== 'json')) return false;
    makeRoom(to - from);
    const length = withoutEscapes(source.bytes, from, to, scratch.bytes.subarray(MARGIN));
    return length >= 0 && scanScratch(length, form === 'csv', into) && pendingRows(into) > 0;
  };
  return { inPlace, within };
}
