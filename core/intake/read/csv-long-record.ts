import { refuseSwallowed } from './csv-problems.ts';
import type { RowSink } from './row-sink.ts';

/**
 * Skips a record that is too long to keep, remembering only whether it is inside quotes: a record of any size costs no memory,
 * and each of its characters is looked at once.
 */
export interface LongRecord {
  /** Where the record ends in the chunk (the start of the next one), or undefined when it goes on. */
  skip(chunk: string): number | undefined;
  /** Delivers the record as malformed. @throws RefusedFile when it ended inside quotes */
  finish(sink: RowSink): void;
}

/** Begins to skip a record whose first part is `head`. */
export function longRecord(head: string, delimiter: number, limit: number): LongRecord {
  let state: 'cell-start' | 'plain' | 'quoted' | 'quote-in-quoted' | 'cr' = 'cell-start';
  let lines = 0;
  let ended = false;

  const skip = (chunk: string): number | undefined => {
    for (let at = 0; at < chunk.length; at++) {
      const code = chunk.charCodeAt(at);
      if (state === 'cr') {
        ended = true;
        return code === 10 ? at + 1 : at;
      }
      if (state === 'quoted') {
        if (code === 34) state = 'quote-in-quoted';
        else if (code === 10) lines++;
      } else if (code === 34 && state !== 'plain') state = 'quoted';
      else if (code === 10) {
        ended = true;
        return at + 1;
      } else if (code === 13) state = 'cr';
      else state = code === delimiter ? 'cell-start' : 'plain';
    }
    return undefined;
  };

  skip(head);
  return {
    skip,
    finish: (sink) => {
      if (!ended && state === 'quoted') refuseSwallowed(lines, sink);
      sink.malformed(`the row is longer than ${limit} characters`, head.slice(0, 10_000));
    },
  };
}
