import { endpointName } from '../../contracts/names.ts';
import type { CaptureFiles, Window } from '../../contracts/window.ts';
import type { SizedFile } from '../../core/monitoring/plan-shards.ts';
import { DAY, HOUR } from '../../core/profile/instant.ts';
import { capturedFiles, captureFolder } from '../aws/captured-files.ts';
import type { Lake } from '../aws/lake.ts';

/** Capture files of a window. */
export interface CaptureListing {
  /** Files that may hold its requests: of its hours and the one after it, since the end of an hour may be written with the next. */
  readonly files: readonly SizedFile[];
  readonly bytes: number;
  /** Files of its own hours alone. They are complete when the lag is over; the hour after it is still being written then. */
  readonly own: CaptureFiles;
}

/**
 * Lists the capture files of windows, however many hours one has, by one listing; of windows shorter than a day, a day at a time,
 * which those of one day share.
 */
export function captureLister(
  platform: string,
  model: string,
  lake: Lake,
): (window: Window) => Promise<CaptureListing> {
  const endpoint = { model, endpoint: endpointName(platform, model) };
  const listed = new Map<string, Promise<readonly SizedFile[]>>();
  const list = (from: number, to: number) => {
    const key = `${from} ${to}`;
    const found = listed.get(key) ?? capturedFiles(endpoint, new Date(from), new Date(to), lake);
    listed.set(key, found);
    return found;
  };
  return async (window) => {
    const [from, to] = [Date.parse(window.from), Date.parse(window.to)];
    const spans = to - from < DAY ? daysOf(from, to) : [[from, to + HOUR] as const];
    const found = (await Promise.all(spans.map(([start, end]) => list(start, end)))).flat();
    const within = (first: number, last: number) => {
      const [lowest, highest] = [captureFolder(endpoint, new Date(first)), captureFolder(endpoint, new Date(last))];
      return found.filter(({ key }) => key >= lowest && key < highest);
    };
    const [files, own] = [within(from, to + HOUR), within(from, to)];
    return { files, bytes: bytesOf(files), own: { count: own.length, bytes: bytesOf(own) } };
  };
}

/** The days that hold the window and the hour after it. */
function daysOf(from: number, to: number): readonly (readonly [number, number])[] {
  const first = Math.floor(from / DAY);
  return Array.from({ length: Math.floor(to / DAY) - first + 1 }, (_, index) => {
    const start = (first + index) * DAY;
    return [start, start + DAY] as const;
  });
}

const bytesOf = (files: readonly SizedFile[]) => files.reduce((sum, { size }) => sum + size, 0);
