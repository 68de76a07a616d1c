import type { CapturedSide } from '../body.ts';
import { type Literal, literal, pastLiteral } from './literal.ts';
import type { Source } from './text-scanner.ts';

const QUOTE = 34;
const BACKSLASH = 92;
const FIRST_PRINTABLE = 32;
const LAST_ASCII = 126;

const INPUT = literal('{"captureData":{"endpointInput":{"observedContentType":"');
const INPUT_DATA = literal('","mode":"INPUT","data":"');
const ENCODING = literal(',"encoding":"');
const OUTPUT = literal('},"endpointOutput":{"observedContentType":"');
const OUTPUT_DATA = literal('","mode":"OUTPUT","data":"');
const METADATA = literal('}},"eventMetadata":{"eventId":"');
const INFERENCE_ID = literal(',"inferenceId":"');
const INFERENCE_TIME = literal(',"inferenceTime":"');
const END = literal('},"eventVersion":"0"}');
/** The encodings by their first letter, with the rest of their names and the end of the side. */
const ENCODINGS = [
  { text: literal('CSV"'), value: 'CSV' },
  { text: literal('JSON"'), value: 'JSON' },
  { text: literal('BASE64"'), value: 'BASE64' },
] as const;

/** Where one side of a record lies in the bytes of its line: its content type, and its data without the quotes. */
export interface SideSpan {
  typeFrom: number;
  typeTo: number;
  from: number;
  to: number;
  encoding: CapturedSide['encoding'];
}

/** The parts of a line of exactly the form that SageMaker writes today. One object serves every line. */
export interface Envelope {
  readonly input: SideSpan;
  readonly output: SideSpan;
  answered: boolean;
  /** The event's own id. */
  eventFrom: number;
  eventTo: number;
  /** −1 when the caller sent none. */
  idFrom: number;
  idTo: number;
  timeFrom: number;
  timeTo: number;
}

const side = (): SideSpan => ({ typeFrom: 0, typeTo: 0, from: 0, to: 0, encoding: 'CSV' });
const found: Envelope = {
  input: side(),
  output: side(),
  answered: false,
  eventFrom: 0,
  eventTo: 0,
  idFrom: -1,
  idTo: -1,
  timeFrom: 0,
  timeTo: 0,
};

/**
 * Finds the parts of the line in `bytes[from..to)`; undefined for any other form, which the general decoder reads. What it gives holds
 * until the next call.
 */
export function findEnvelope(source: Source, from: number, to: number): Envelope | undefined {
  const { view } = source;
  let at = findSide(source, pastLiteral(view, from, INPUT), to, INPUT_DATA, found.input);
  if (at < 0) return undefined;
  const output = pastLiteral(view, at, OUTPUT);
  found.answered = output >= 0;
  found.eventFrom = pastLiteral(
    view,
    output < 0 ? at : findSide(source, output, to, OUTPUT_DATA, found.output),
    METADATA,
  );
  found.eventTo = endOfPlain(source, found.eventFrom, to);
  if (found.eventTo < 0) return undefined;
  at = found.eventTo + 1;
  found.idFrom = pastLiteral(view, at, INFERENCE_ID);
  found.idTo = found.idFrom < 0 ? found.eventTo : endOfPlain(source, found.idFrom, to);
  if (found.idTo < 0) return undefined;
  found.timeFrom = pastLiteral(view, found.idTo + 1, INFERENCE_TIME);
  found.timeTo = endOfPlain(source, found.timeFrom, to);
  return found.timeTo >= 0 && pastLiteral(view, found.timeTo + 1, END) === to ? found : undefined;
}

/** Reads one side from its content type on; where it ends, before its brace, or −1. */
function findSide(source: Source, from: number, to: number, data: Literal, into: SideSpan): number {
  const { view } = source;
  into.typeFrom = from;
  into.typeTo = endOfPlain(source, from, to);
  into.from = pastLiteral(view, into.typeTo, data);
  into.to = endOfData(source.bytes, into.from, to);
  const name = into.to < 0 ? -1 : pastLiteral(view, into.to + 1, ENCODING);
  for (const { text, value } of ENCODINGS) {
    const end = pastLiteral(view, name, text);
    if (end < 0) continue;
    into.encoding = value;
    return end;
  }
  return -1;
}

const QUOTES = 0x22222222;
const BACKSLASHES = 0x5c5c5c5c;

/** The end of a plain string that begins at `at`; −1 when it has escapes or other than printable ASCII, or `at` is negative. */
export function endOfPlain({ bytes, view }: Source, at: number, to: number): number {
  if (at < 0) return -1;
  let i = at;
  while (i + 4 <= to && isPlain(view.getInt32(i, true))) i += 4;
  for (; i < to; i++) {
    const byte = bytes[i] ?? 0;
    if (byte === QUOTE) return i;
    if (byte === BACKSLASH || byte < FIRST_PRINTABLE || byte > LAST_ASCII) return -1;
  }
  return -1;
}

/** Whether four bytes all stand for themselves in a string. Some that do are called otherwise, never the other way round. */
function isPlain(word: number): boolean {
  const quote = word ^ QUOTES;
  const backslash = word ^ BACKSLASHES;
  const other = ((quote - 0x01010101) & ~quote) | ((backslash - 0x01010101) & ~backslash) | (word - 0x20202020) | word;
  return ((other | (word + 0x01010101)) & 0x80808080) === 0;
}

/** The closing quote of a string: without escapes the next one, else the first that is not escaped; −1 when none comes. */
export function endOfData(bytes: Buffer, from: number, to: number): number {
  const quote = from < 0 ? -1 : bytes.indexOf(QUOTE, from);
  if (quote < 0 || quote >= to) return -1;
  if (quote === from || bytes[quote - 1] !== BACKSLASH) return quote;
  for (let at = from; at < to; at++) {
    const byte = bytes[at] ?? 0;
    if (byte === BACKSLASH) at++;
    else if (byte === QUOTE) return at;
  }
  return -1;
}

const ESCAPED: Readonly<Record<string, string>> = {
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  '"': '"',
  '\\': '\\',
  '/': '/',
};
const MEANING = Uint8Array.from({ length: 256 }, (_, byte) => ESCAPED[String.fromCharCode(byte)]?.charCodeAt(0) ?? 0);

/**
 * Copies the JSON string `bytes[from..to)` to `into` without its escapes and gives its length; −1 for `\u`, for what JSON does not allow
 * in a string, and for a string that is too long.
 */
export function withoutEscapes(bytes: Uint8Array, from: number, to: number, into: Uint8Array): number {
  if (to - from >= into.length) return -1;
  let length = 0;
  for (let at = from; at < to; at++) {
    let byte = bytes[at] ?? 0;
    if (byte < FIRST_PRINTABLE) return -1;
    if (byte === BACKSLASH) {
      at++;
      byte = MEANING[bytes[at] ?? 0] ?? 0;
      if (byte === 0) return -1;
    }
    into[length] = byte;
    length++;
  }
  return length;
}
