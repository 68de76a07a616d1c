import { isUtf8 } from 'node:buffer';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { ModelwayError } from '../../contracts/problems.ts';

const NEWLINE = 0x0a;
/** A label is a few hundred characters; a longer line is no label and is never held whole. */
export const LONGEST_LINE_BYTES = 16_384;
/** A hundred million labels do not come in one file; what unpacks to more than this is a bomb. */
const MOST_BYTES = 2 ** 31;

/** One line of a label file: its text, or why it cannot be one. `line` counts from 1, empty lines included. */
export type LabelLine =
  | { readonly line: number; readonly text: string }
  | { readonly line: number; readonly problem: string; readonly start: string };

/**
 * The lines of a file in chunks, gzipped or not, without empty ones. Memory does not grow with the file or with its lines.
 * @throws ModelwayError `unreadable-labels` when the compression is damaged, or after `mostBytes` of content
 */
export async function* labelLines(
  chunks: AsyncIterable<Uint8Array>,
  mostBytes = MOST_BYTES,
): AsyncGenerator<LabelLine> {
  let held: Uint8Array[] = [];
  let heldBytes = 0;
  let line = 1;
  const add = (bytes: Uint8Array) => {
    if (heldBytes <= LONGEST_LINE_BYTES) held.push(bytes.slice(0, LONGEST_LINE_BYTES + 1));
    heldBytes += bytes.length;
  };
  let bytes = 0;
  for await (const chunk of plainBytes(chunks)) {
    bytes += chunk.length;
    if (bytes > mostBytes) throw tooLarge(mostBytes);
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      add(chunk.subarray(start, end));
      yield* lineOf(Buffer.concat(held), heldBytes, line);
      [held, heldBytes, line, start] = [[], 0, line + 1, end + 1];
    }
    add(chunk.subarray(start));
  }
  yield* lineOf(Buffer.concat(held), heldBytes, line);
}

function* lineOf(bytes: Buffer, length: number, line: number): Generator<LabelLine> {
  if (length > LONGEST_LINE_BYTES)
    yield { line, problem: `is longer than ${LONGEST_LINE_BYTES} bytes`, start: startOf(bytes) };
  else if (!isUtf8(bytes)) yield { line, problem: 'is not UTF-8', start: startOf(bytes) };
  else {
    const text = bytes
      .toString('utf8')
      .replace(line === 1 ? /^\uFEFF/ : '', '')
      .trim();
    if (text !== '') yield { line, text };
  }
}

function tooLarge(mostBytes: number): ModelwayError {
  return new ModelwayError('unreadable-labels', 'input', [
    { path: '', message: `holds more than ${mostBytes} bytes, unpacked`, fix: 'split the file' },
  ]);
}

const startOf = (bytes: Buffer) => bytes.subarray(0, 200).toString('utf8');

/** @throws ModelwayError `unreadable-labels` when the gzip data is damaged or cut off */
async function* plainBytes(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const source = chunks[Symbol.asyncIterator]();
  const first = await source.next();
  if (first.done === true) return;
  const all = resumed(first.value, source);
  yield* isGzip(first.value) ? unzipped(all) : all;
}

const isGzip = (bytes: Uint8Array) => bytes[0] === 0x1f && bytes[1] === 0x8b;

async function* resumed(first: Uint8Array, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield first;
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
}

async function* unzipped(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const unzip = createGunzip();
  const source = Readable.from(chunks, { objectMode: false });
  source.on('error', (error) => unzip.destroy(error));
  try {
    for await (const chunk of source.pipe(unzip)) if (Buffer.isBuffer(chunk)) yield chunk;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ModelwayError(
      'unreadable-labels',
      'input',
      [{ path: '', message: `the gzip data is damaged or cut off: ${reason}`, fix: 'compress and send it again' }],
      { cause },
    );
  } finally {
    if (!unzip.destroyed) {
      unzip.destroy();
      await once(unzip, 'close').catch(() => undefined);
    }
  }
}
