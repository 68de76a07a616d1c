import { readBody } from '../body.ts';
import { type CapturedPrediction, readPredictions } from '../predictions.ts';
import { scanCsv } from './csv-scanner.ts';
import { type Envelope, findEnvelope, type SideSpan, withoutEscapes } from './envelope.ts';
import { jsonScanner } from './json-scanner.ts';
import { scanNumber, scanned } from './number-scanner.ts';
import { pendingRows, type RowStore, takeBack } from './row-store.ts';

/** Longest body that is read here. */
const MOST_SCRATCH_BYTES = 1 << 20;
const FIRST_SCRATCH_BYTES = 1 << 14;
const LAST_ASCII = 126;
const BACKSLASH = 92;

/** What is known of a request before its body is read. */
export interface RequestNames {
  readonly inferenceId: string | undefined;
  /** Epoch milliseconds; NaN in merged lines of batch transform, which say nothing. */
  readonly at: number;
}

/** A request that was read; its rows are pending. One object serves every line. */
export interface ScannedRequest {
  rows: number;
  /** Epoch milliseconds. */
  at: number;
  /** Where the inference id lies in the line's bytes; −1 without one. */
  idFrom: number;
  idTo: number;
  /** The score of a single row that was answered by a plain number; NaN when `predictions` has what was answered. */
  score: number;
  /** As many as rows, or none. */
  predictions: readonly CapturedPrediction[];
  /** Its answer could not be used. */
  partial: boolean;
}

/**
 * Reads one line, whose rows are then pending in the store. `left-out`: the request does not count, and its body was not read. Undefined:
 * the general decoder must read it.
 */
export type RecordScanner = (
  bytes: Buffer,
  from: number,
  to: number,
  into: RowStore,
) => ScannedRequest | 'left-out' | undefined;

/** A scanner of capture lines whose CSV rows hold `columns`, and whose objects may hold `names`. */
export function recordScanner(
  columns: readonly string[],
  names: readonly string[],
  counts: ((request: RequestNames) => boolean) | undefined,
): RecordScanner {
  const header = Buffer.from(columns.join(','), 'utf8');
  // Rows of CSV and arrays must have exactly the model's columns; with others watched beside them only objects are read here.
  const byPosition = names.length === columns.length && columns.length > 1;
  const scanJson = jsonScanner(names, byPosition);
  let scratch = Buffer.alloc(FIRST_SCRATCH_BYTES);
  const instantAt = instants();
  const escapes = nextEscape();
  const request: ScannedRequest = {
    rows: 0,
    at: 0,
    idFrom: -1,
    idTo: -1,
    score: Number.NaN,
    predictions: [],
    partial: false,
  };

  const scanInput = (bytes: Buffer, side: SideSpan, into: RowStore): boolean => {
    const type = side.encoding === 'BASE64' ? contentType(bytes, side) : NOT_NEEDED;
    const csv = side.encoding === 'CSV' || type.csv;
    if (csv && !byPosition) return false;
    if (side.encoding === 'CSV' && !escapes.within(bytes, side))
      return scanCsv(bytes, side.from, side.to, into, header);
    if (side.to - side.from >= scratch.length)
      scratch = Buffer.alloc(Math.min(MOST_SCRATCH_BYTES, 2 * (side.to - side.from)));
    const length =
      side.encoding === 'BASE64' ? decode(bytes, side, scratch) : withoutEscapes(bytes, side.from, side.to, scratch);
    // What an earlier line left there must not lengthen the last number.
    scratch[length] = 0;
    if (length < 0 || (side.encoding === 'BASE64' && !type.utf8)) return false;
    return csv ? scanCsv(scratch, 0, length, into, header) : scanJson(scratch, 0, length, into);
  };
  return (bytes, from, to, into) => {
    const envelope = findEnvelope(bytes, from, to);
    if (envelope === undefined) return undefined;
    request.at = instantAt(bytes, envelope.timeFrom, envelope.timeTo);
    if (Number.isNaN(request.at)) return undefined;
    if (counts?.(namesOf(bytes, envelope, request.at)) === false) return 'left-out';
    request.idFrom = envelope.idFrom;
    request.idTo = envelope.idTo;
    const read = scanInput(bytes, envelope.input, into) && pendingRows(into) > 0;
    request.rows = pendingRows(into);
    if (read && readAnswer(bytes, envelope.answered ? envelope.output : undefined, request)) return request;
    takeBack(into);
    return undefined;
  };
}

const NOT_NEEDED = { csv: false, utf8: true } as const;

function contentType(bytes: Buffer, { typeFrom, typeTo }: SideSpan): { readonly csv: boolean; readonly utf8: boolean } {
  const [type = '', ...parameters] = bytes.toString('latin1', typeFrom, typeTo).toLowerCase().split(';');
  const charset = parameters.map((parameter) => parameter.trim()).find((parameter) => parameter.startsWith('charset='));
  return { csv: type.includes('csv'), utf8: charset === undefined || charset === 'charset=utf-8' };
}

/** Decodes base64 of plain ASCII and gives its length; −1 for other text, which needs a decoder of its charset. */
function decode(bytes: Buffer, { from, to }: SideSpan, into: Buffer): number {
  if (to - from >= into.length) return -1;
  const length = into.write(bytes.toString('latin1', from, to), 'base64');
  for (let i = 0; i < length; i++) if ((into[i] ?? 0) > LAST_ASCII) return -1;
  return length;
}

/** Whether a stretch of bytes holds a backslash; where the next one stands is remembered, for most lines have none. */
function nextEscape() {
  let [known, at, seen]: [Buffer | undefined, number, number] = [undefined, 0, 0];
  return {
    within: (bytes: Buffer, { from, to }: SideSpan): boolean => {
      if (bytes !== known || from < seen || (at >= 0 && at < from)) {
        at = bytes.indexOf(BACKSLASH, from);
        seen = from;
        known = bytes;
      }
      return at >= 0 && at < to;
    },
  };
}

function namesOf(bytes: Buffer, { idFrom, idTo }: Envelope, at: number): RequestNames {
  return { inferenceId: idFrom < 0 ? undefined : bytes.toString('latin1', idFrom, idTo), at };
}

/** The instant that bytes spell, NaN for none; requests of one second come together, so the last one is remembered. */
function instants() {
  let last = Buffer.alloc(0);
  let instant = Number.NaN;
  return (bytes: Buffer, from: number, to: number): number => {
    let i = 0;
    while (i < last.length && bytes[from + i] === last[i]) i++;
    if (i > 0 && i === last.length && i === to - from) return instant;
    last = Buffer.from(bytes.subarray(from, to));
    instant = Date.parse(bytes.toString('latin1', from, to));
    return instant;
  };
}

/** Reads the answer of a request; false when the line is no JSON. */
function readAnswer(bytes: Buffer, side: SideSpan | undefined, request: ScannedRequest): boolean {
  request.score = Number.NaN;
  request.predictions = [];
  request.partial = false;
  if (side === undefined) return true;
  if (request.rows === 1 && side.encoding === 'CSV') {
    scanNumber(bytes, side.from);
    if (scanned.end === side.to) {
      request.score = scanned.value;
      return true;
    }
  }
  const data = textOf(bytes, side);
  if (data === undefined) return false;
  const observedContentType = bytes.toString('latin1', side.typeFrom, side.typeTo);
  const predictions = readPredictions(readBody({ observedContentType, data, encoding: side.encoding }));
  request.partial = predictions.kind === 'unreadable' || predictions.rows.length !== request.rows;
  request.predictions = predictions.kind === 'unreadable' || request.partial ? [] : predictions.rows;
  return true;
}

function textOf(bytes: Buffer, { from, to }: SideSpan): string | undefined {
  try {
    const text: unknown = JSON.parse(bytes.toString('utf8', from - 1, to + 1));
    return typeof text === 'string' ? text : undefined;
  } catch {
    return undefined;
  }
}
