import type { CapturedSide } from '../body.ts';

const QUOTE = 34;
const BACKSLASH = 92;
const FIRST_PRINTABLE = 32;
const LAST_ASCII = 126;

/** A text to be found in bytes, and the same four bytes at a time, for comparing is most of what finding an envelope costs. */
interface Literal {
  readonly bytes: Uint8Array;
  readonly words: Int32Array;
}

function text(value: string): Literal {
  const bytes = Uint8Array.from(Buffer.from(value, 'latin1'));
  const view = new DataView(bytes.buffer);
  return { bytes, words: Int32Array.from({ length: bytes.length >> 2 }, (_, word) => view.getInt32(4 * word, true)) };
}

const INPUT = text('{"captureData":{"endpointInput":{"observedContentType":"');
const INPUT_DATA = text('","mode":"INPUT","data":"');
const ENCODING = text(',"encoding":"');
const OUTPUT = text('},"endpointOutput":{"observedContentType":"');
const OUTPUT_DATA = text('","mode":"OUTPUT","data":"');
const METADATA = text('}},"eventMetadata":{"eventId":"');
const INFERENCE_ID = text(',"inferenceId":"');
const INFERENCE_TIME = text(',"inferenceTime":"');
const END = text('},"eventVersion":"0"}');
/** The encodings by their first letter, with the rest of their names and the end of the side. */
const ENCODINGS = [
  { literal: text('CSV"'), value: 'CSV' },
  { literal: text('JSON"'), value: 'JSON' },
  { literal: text('BASE64"'), value: 'BASE64' },
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
  idFrom: -1,
  idTo: -1,
  timeFrom: 0,
  timeTo: 0,
};

/**
 * Finds the parts of the line in `bytes[from..to)`; undefined for any other form, which the general decoder reads. What it gives holds
 * until the next call.
 */
export function findEnvelope(bytes: Buffer, from: number, to: number): Envelope | undefined {
  let at = past(bytes, from, to, INPUT);
  at = at < 0 ? -1 : findSide(bytes, at, to, INPUT_DATA, found.input);
  if (at < 0) return undefined;
  const output = past(bytes, at, to, OUTPUT);
  found.answered = output >= 0;
  at = past(bytes, output < 0 ? at : findSide(bytes, output, to, OUTPUT_DATA, found.output), to, METADATA);
  at = at < 0 ? -1 : endOfPlain(bytes, at, to) + 1;
  if (at <= 0) return undefined;
  found.idFrom = past(bytes, at, to, INFERENCE_ID);
  found.idTo = found.idFrom < 0 ? at - 1 : endOfPlain(bytes, found.idFrom, to);
  if (found.idTo < 0) return undefined;
  found.timeFrom = past(bytes, found.idTo + 1, to, INFERENCE_TIME);
  if (found.timeFrom < 0) return undefined;
  found.timeTo = endOfPlain(bytes, found.timeFrom, to);
  return found.timeTo >= 0 && past(bytes, found.timeTo + 1, to, END) === to ? found : undefined;
}

/** Reads one side from its content type on; where it ends, before its brace, or −1. */
function findSide(bytes: Buffer, from: number, to: number, data: Literal, into: SideSpan): number {
  into.typeFrom = from;
  into.typeTo = endOfPlain(bytes, from, to);
  into.from = into.typeTo < 0 ? -1 : past(bytes, into.typeTo, to, data);
  if (into.from < 0) return -1;
  into.to = endOfData(bytes, into.from, to);
  const name = into.to < 0 ? -1 : past(bytes, into.to + 1, to, ENCODING);
  if (name < 0) return -1;
  for (const { literal, value } of ENCODINGS) {
    const end = past(bytes, name, to, literal);
    if (end < 0) continue;
    into.encoding = value;
    return end;
  }
  return -1;
}

let viewed: DataView = new DataView(new ArrayBuffer(0));

/** The bytes as a view; that of the last buffer is kept, for many lines share one. */
function viewOf(bytes: Uint8Array): DataView {
  if (viewed.buffer !== bytes.buffer) viewed = new DataView(bytes.buffer);
  return viewed;
}

/** Where `what` ends if it stands at `at`; −1 if it does not. */
function past(bytes: Uint8Array, at: number, to: number, what: Literal): number {
  const { words, bytes: all } = what;
  const end = at + all.length;
  if (at < 0 || end > to) return -1;
  const view = viewOf(bytes);
  const start = bytes.byteOffset + at;
  for (let i = 0; i < words.length; i++) if (view.getInt32(start + 4 * i, true) !== words[i]) return -1;
  for (let i = words.length << 2; i < all.length; i++) if (bytes[at + i] !== all[i]) return -1;
  return end;
}

/** The end of a plain string that begins at `at`; −1 when it has escapes or other than printable ASCII. */
function endOfPlain(bytes: Uint8Array, at: number, to: number): number {
  for (let i = at; i < to; i++) {
    const byte = bytes[i] ?? 0;
    if (byte === QUOTE) return i;
    if (byte === BACKSLASH || byte < FIRST_PRINTABLE || byte > LAST_ASCII) return -1;
  }
  return -1;
}

/** The closing quote of a string: without escapes the next one, else the first that is not escaped. */
function endOfData(bytes: Buffer, from: number, to: number): number {
  const quote = bytes.indexOf(QUOTE, from);
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
