import { captureHourPrefix } from '../../contracts/keys.ts';
import { VARIANT_NAME } from '../../contracts/names.ts';
import type { CaptureTally } from '../../contracts/reconciliation.ts';
import type { Window } from '../../contracts/window.ts';
import { decodeRecord } from '../../core/capture/decode-record.ts';
import { linesOf } from '../../core/capture/lines.ts';
import { DAY, HOUR } from '../../core/profile/instant.ts';
import { EMPTY_TALLY, tallied } from '../../core/reconciliation/capture-tally.ts';
import type { Lake } from '../aws/lake.ts';
import { readAhead } from '../aws/read-ahead.ts';

export interface Captured {
  readonly model: string;
  readonly endpoint: string;
  /** Columns of a CSV request, in order. */
  readonly columns: readonly string[];
}

type Readable = Pick<Lake, 'list' | 'stream'>;

/** A file of the next hour whose first line is later than this after the window holds nothing of it: lines are written in order. */
const NEXT_HOUR_MINUTES = 1;

/**
 * Counts the captured requests of a window: every file of its own hours, and of the hour after it, where requests of the last seconds
 * may have been written, the beginnings of the files. A window without files costs one list for each hour or day.
 */
export async function tallyWindow(of: Captured, window: Window, lake: Readable): Promise<CaptureTally> {
  const end = new Date(window.to);
  const own = await ownFiles(of, window, lake);
  let tally = EMPTY_TALLY;
  for await (const { content } of readAhead(own, lake))
    for await (const line of linesOf(content)) tally = tallied(tally, decodeRecord(line, of.columns), window, true);
  if (own.length === 0) return tally;
  const latest = end.getTime() + NEXT_HOUR_MINUTES * 60_000;
  for await (const { content } of readAhead(await keysBelow(hourOf(of, end), lake), lake))
    for await (const line of linesOf(content)) {
      const decoded = decodeRecord(line, of.columns);
      if (decoded.kind === 'request' && Date.parse(decoded.at) > latest) break;
      tally = tallied(tally, decoded, window, false);
    }
  return tally;
}

/** Files below the window's hours: one hour is listed by itself, more of them a day at a time. */
async function ownFiles(of: Captured, window: Window, lake: Readable): Promise<readonly string[]> {
  const [from, to] = [Date.parse(window.from), Date.parse(window.to)];
  if (to - from === HOUR) return keysBelow(hourOf(of, new Date(from)), lake);
  const days = Array.from({ length: Math.ceil((to - from) / DAY) }, (_, day) => new Date(from + day * DAY));
  const listed = await Promise.all(days.map((day) => keysBelow(parentOf(hourOf(of, day)), lake)));
  return listed.flat();
}

const hourOf = ({ model, endpoint }: Captured, hour: Date) => captureHourPrefix(model, endpoint, VARIANT_NAME, hour);
const parentOf = (folder: string) => folder.slice(0, folder.lastIndexOf('/', folder.length - 2) + 1);
const keysBelow = async (prefix: string, lake: Readable) => (await lake.list(prefix)).map(({ key }) => key);
