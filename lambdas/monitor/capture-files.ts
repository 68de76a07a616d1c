import { captureHourPrefix } from '../../contracts/keys.ts';
import { endpointName, VARIANT_NAME } from '../../contracts/names.ts';
import type { CaptureFiles, Window } from '../../contracts/window.ts';
import type { SizedFile } from '../../core/monitoring/plan-shards.ts';
import { HOUR } from '../../core/profile/instant.ts';
import type { Lake } from '../aws/lake.ts';

/** Capture files of a window. */
export interface CaptureListing {
  /** Files that may hold its requests: of its hours and the one after it, since the end of an hour may be written with the next. */
  readonly files: readonly SizedFile[];
  readonly bytes: number;
  /** Files of its own hours alone. They are complete when the lag is over; the hour after it is still being written then. */
  readonly own: CaptureFiles;
}

/** Lists the capture files of windows, asking the lake once for each day, however many windows share it. */
export function captureLister(
  platform: string,
  model: string,
  lake: Lake,
): (window: Window) => Promise<CaptureListing> {
  const listed = new Map<string, Promise<readonly SizedFile[]>>();
  const listDay = (day: string) => {
    const found = listed.get(day) ?? lake.list(day);
    listed.set(day, found);
    return found;
  };
  return async (window) => {
    const [from, to] = [Date.parse(window.from), Date.parse(window.to)];
    const hours = Array.from({ length: (to - from) / HOUR + 1 }, (_, index) =>
      captureHourPrefix(model, endpointName(platform, model), VARIANT_NAME, new Date(from + index * HOUR)),
    );
    const days = [...new Set(hours.map(dayPrefix))];
    const found = (await Promise.all(days.map(listDay))).flat();
    const below = (folders: readonly string[]) => {
      const wanted = new Set(folders);
      return found.filter(({ key }) => wanted.has(key.slice(0, key.lastIndexOf('/') + 1)));
    };
    const [files, own] = [below(hours), below(hours.slice(0, -1))];
    return { files, bytes: bytesOf(files), own: { count: own.length, bytes: bytesOf(own) } };
  };
}

const bytesOf = (files: readonly SizedFile[]) => files.reduce((sum, { size }) => sum + size, 0);

/** `…/dd/hh/` without its hour. */
const dayPrefix = (hour: string) => hour.replace(/[^/]+\/$/, '');
