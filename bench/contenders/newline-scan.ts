import { openSync, readSync } from 'node:fs';
import { contender } from './own-cost.ts';

const NEWLINE = 10;
const CHUNK_BYTES = 1 << 18;

/** `CAPTURE.jsonl ROWS`: the least that any reader of lines must do: read the file, and find every newline. */
contender(async ([capture = '', rows = '']) => {
  const chunk = Buffer.alloc(CHUNK_BYTES);
  const file = openSync(capture, 'r');
  let lines = 0;
  for (
    let read = readSync(file, chunk, 0, chunk.length, null);
    read > 0;
    read = readSync(file, chunk, 0, chunk.length, null)
  ) {
    const bytes = chunk.subarray(0, read);
    for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, at + 1)) lines += 1;
  }
  if (lines !== Number(rows)) throw new Error(`found ${lines} lines`);
});
