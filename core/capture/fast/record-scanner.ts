import { readBody } from '../body.ts';
import { type CapturedPrediction, readPredictions } from '../predictions.ts';
import { scanCsv } from './csv-scanner.ts';
import { type Envelope, findEnvelope, type SideSpan, withoutEscapes } from './envelope.ts';
import { jsonScanner } from './json-scanner.ts';
import { scanNumber, scanned } from './number-scanner.ts';
import type { RowColumns } from './row-columns.ts';

/** Longest body that is read here. */
const MOST_SCRATCH_BYTES = 1 << 20;
const FIRST_SCRATCH_BYTES = 1 << 14;
const LAST_ASCII = 126;
const BACKSLASH = 92;

/** What is known of a request before its rows count. */
export interface RequestNames {
  readonly inferenceId: string | undefined;
  readonly at: string;
}

/** What a request that was read answered. */
export interface ScannedAnswer {
  readonly predictions: readonly Pick<CapturedPrediction, 'score' | 'modelPackage'>[];
  /** Its answer could not be used. */
  readonly partial: boolean;
}

/** Reads one line; its rows are then pending. `left-out`: the request does not count. Undefined: the general decoder must read it. */
export type RecordScanner = (bytes: Buffer, from: number, to: number) => ScannedAnswer | 'left-out' | undefined;

/** A scanner of capture lines whose CSV rows hold `columns`, and whose objects may hold `names`. */
export function recordScanner(
  columns: readonly string[],
  names: readonly string[],
  into: RowColumns,
  counts: ((request: RequestNames) => boolean) | undefined,
): RecordScanner {
  const header = Buffer.from(columns.join(','), 'utf8');
  // Rows of CSV and arrays must have exactly the model's columns; with others watched beside them only objects are read here.
  const byPosition = names.length === columns.length && columns.length > 1;
  const scanJson = jsonScanner(names, into, byPosition);
  let scratch = Buffer.alloc(FIRST_SCRATCH_BYTES);
  const isInstant = instants();
  const escapes = nextEscape();

  const scanInput = (bytes: Buffer, side: SideSpan): boolean => {
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
    return csv ? scanCsv(scratch, 0, length, into, header) : scanJson(scratch, 0, length);
  };
  return (bytes, from, to) => {
    const envelope = findEnvelope(bytes, from, to);
    if (envelope === undefined || !isInstant(bytes, envelope.timeFrom, envelope.timeTo)) return undefined;
    if (counts?.(namesOf(bytes, envelope)) === false) return 'left-out';
    const read = scanInput(bytes, envelope.input) && into.pending() > 0;
    const answered = envelope.answered ? envelope.output : undefined;
    const answer = read ? answerOf(bytes, answered, into.pending()) : undefined;
    if (answer === undefined) into.takeBack();
    return answer;
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

function namesOf(bytes: Buffer, { idFrom, idTo, timeFrom, timeTo }: Envelope): RequestNames {
  const inferenceId = idFrom < 0 ? undefined : bytes.toString('latin1', idFrom, idTo);
  return { inferenceId, at: bytes.toString('latin1', timeFrom, timeTo) };
}

/** Whether bytes spell an instant; requests of one second come together, so the last one is remembered. */
function instants() {
  let last = Buffer.alloc(0);
  return (bytes: Buffer, from: number, to: number): boolean => {
    let i = 0;
    while (i < last.length && bytes[from + i] === last[i]) i++;
    if (i > 0 && i === to - from) return true;
    if (Number.isNaN(Date.parse(bytes.toString('latin1', from, to)))) return false;
    last = Buffer.from(bytes.subarray(from, to));
    return true;
  };
}

const NO_ANSWER: ScannedAnswer = { predictions: [], partial: false };

/** The answer of a request of so many rows; undefined when the line is no JSON. */
function answerOf(bytes: Buffer, side: SideSpan | undefined, rows: number): ScannedAnswer | undefined {
  if (side === undefined) return NO_ANSWER;
  if (rows === 1 && side.encoding === 'CSV') {
    scanNumber(bytes, side.from);
    if (scanned.end === side.to) return { predictions: [{ score: scanned.value, modelPackage: null }], partial: false };
  }
  const data = textOf(bytes, side);
  if (data === undefined) return undefined;
  const observedContentType = bytes.toString('latin1', side.typeFrom, side.typeTo);
  const predictions = readPredictions(readBody({ observedContentType, data, encoding: side.encoding }));
  if (predictions.kind === 'unreadable' || predictions.rows.length !== rows) return { predictions: [], partial: true };
  return { predictions: predictions.rows, partial: false };
}

function textOf(bytes: Buffer, { from, to }: SideSpan): string | undefined {
  try {
    const text: unknown = JSON.parse(bytes.toString('utf8', from - 1, to + 1));
    return typeof text === 'string' ? text : undefined;
  } catch {
    return undefined;
  }
}
