import { openSync, readSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { BaselineSchema } from '../../contracts/profile.ts';
import { captureProfiler } from '../../core/capture/fast/capture-profiler.ts';
import { COLUMNS, MODEL } from './columns.ts';
import { contender } from './own-cost.ts';

const CHUNK_BYTES = 1 << 18;

/** `BASELINE.json CAPTURE.jsonl ROWS`: the profile of a capture file over the bins of a stored baseline; all rows must be read. */
contender(async ([stored = '', capture = '', rows = '']) => {
  const baseline = BaselineSchema.parse(JSON.parse(await readFile(stored, 'utf8')));
  const profiler = captureProfiler(baseline.profile, MODEL, COLUMNS);
  const chunk = Buffer.alloc(CHUNK_BYTES);
  const file = openSync(capture, 'r');
  for (
    let read = readSync(file, chunk, 0, chunk.length, null);
    read > 0;
    read = readSync(file, chunk, 0, chunk.length, null)
  )
    profiler.add(chunk.subarray(0, read));
  const { profile, bad, fast } = profiler.end();
  if (profile.rows !== Number(rows) || bad > 0 || fast !== Number(rows))
    throw new Error(`read ${profile.rows} rows, ${fast} of them fast, with ${bad} bad records`);
});
