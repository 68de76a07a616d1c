import { captureHourPrefix } from '../../contracts/keys.ts';
import { endpointName, VARIANT_NAME } from '../../contracts/names.ts';
import type { Window } from '../../contracts/window.ts';
import { HOUR } from '../../core/profile/instant.ts';
import type { Lake } from '../aws/lake.ts';

/**
 * Keys of the capture files that may hold requests of a window: its hours and the one after it, because a request at the end of an
 * hour may be written with the next. One listing a day.
 */
export async function captureFiles(
  platform: string,
  model: string,
  window: Window,
  lake: Lake,
): Promise<readonly string[]> {
  const [from, to] = [Date.parse(window.from), Date.parse(window.to)];
  const hours = Array.from({ length: (to - from) / HOUR + 1 }, (_, index) =>
    captureHourPrefix(model, endpointName(platform, model), VARIANT_NAME, new Date(from + index * HOUR)),
  );
  const days = [...new Set(hours.map(dayPrefix))];
  const listed = await Promise.all(days.map((day) => lake.list(day)));
  const wanted = new Set(hours);
  return listed
    .flat()
    .map(({ key }) => key)
    .filter((key) => wanted.has(key.slice(0, key.lastIndexOf('/') + 1)));
}

/** `…/dd/hh/` without its hour. */
const dayPrefix = (hour: string) => hour.replace(/[^/]+\/$/, '');
