import type { CaptureTally } from '../../contracts/reconciliation.ts';
import type { Window } from '../../contracts/window.ts';
import { decodeRecord } from '../../core/capture/decode-record.ts';
import { linesOf } from '../../core/capture/lines.ts';
import { HOUR } from '../../core/profile/instant.ts';
import { EMPTY_TALLY, tallied } from '../../core/reconciliation/capture-tally.ts';
import { type CapturedEndpoint, capturedFiles } from '../aws/captured-files.ts';
import type { Lake } from '../aws/lake.ts';
import { readAhead } from '../aws/read-ahead.ts';

export interface Captured extends CapturedEndpoint {
  /** Columns of a CSV request, in order. */
  readonly columns: readonly string[];
}

type Readable = Pick<Lake, 'list' | 'stream'>;

/** A file of the next hour whose first line is later than this after the window holds nothing of it: lines are written in order. */
const NEXT_HOUR_MINUTES = 1;

/**
 * Counts the captured requests of a window: every file of its own hours, and of the hour after it, where requests of the last seconds
 * may have been written, the beginnings of the files. A window without files costs one list.
 */
export async function tallyWindow(of: Captured, window: Window, lake: Readable): Promise<CaptureTally> {
  const end = new Date(window.to);
  const own = await keysBetween(of, new Date(window.from), end, lake);
  let tally = EMPTY_TALLY;
  for await (const { content } of readAhead(own, lake))
    for await (const line of linesOf(content)) tally = tallied(tally, decodeRecord(line, of.columns), window, true);
  if (own.length === 0) return tally;
  const latest = end.getTime() + NEXT_HOUR_MINUTES * 60_000;
  for await (const { content } of readAhead(await keysBetween(of, end, new Date(end.getTime() + HOUR), lake), lake))
    for await (const line of linesOf(content)) {
      const decoded = decodeRecord(line, of.columns);
      if (decoded.kind === 'request' && Date.parse(decoded.at) > latest) break;
      tally = tallied(tally, decoded, window, false);
    }
  return tally;
}

const keysBetween = async (of: Captured, from: Date, to: Date, lake: Readable) =>
  (await capturedFiles(of, from, to, lake)).map(({ key }) => key);
