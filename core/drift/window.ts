import type { MonitoringSettings } from '../../contracts/monitoring-config.ts';
import { ModelwayError } from '../../contracts/problems.ts';
import type { Window } from '../../contracts/window.ts';
import { DAY, HOUR } from '../profile/instant.ts';

const LENGTH = { hour: HOUR, day: DAY, week: 7 * DAY } as const;
/** 1970-01-01 was a Thursday; ISO weeks begin on Monday, four days later. */
const FIRST_MONDAY = 4 * DAY;

/** Windows that one range may hold: a month of hours. Each costs a state machine some twenty events of its 25,000. */
export const MOST_WINDOWS = 744;

type Every = Pick<MonitoringSettings, 'every'>;

/** The whole UTC hour, day or ISO week that an instant lies in. */
export function windowOf(instant: Date, { every }: Every): Window {
  const length = LENGTH[every];
  const offset = every === 'week' ? FIRST_MONDAY : 0;
  const from = Math.floor((instant.getTime() - offset) / length) * length + offset;
  return { from: new Date(from).toISOString(), to: new Date(from + length).toISOString() };
}

/** The last whole UTC hour, day or ISO week that ended at least the lag before `firedAt`. */
export function windowBefore(firedAt: Date, monitoring: Pick<MonitoringSettings, 'every' | 'lagMinutes'>): Window {
  return previousWindow(windowOf(new Date(firedAt.getTime() - monitoring.lagMinutes * 60_000), monitoring), monitoring);
}

/** The window that ends at an instant. */
export function windowEnding(to: string, monitoring: Every): Window {
  return windowOf(new Date(Date.parse(to) - 1), monitoring);
}

/** The window just before. */
export function previousWindow({ from }: Window, { every }: Every): Window {
  return { from: new Date(Date.parse(from) - LENGTH[every]).toISOString(), to: from };
}

/** The last window whose missing labels are not expected any more when `firedAt` strikes. */
export function newestMatureWindow(
  firedAt: Date,
  monitoring: Pick<MonitoringSettings, 'every' | 'lagMinutes'> & {
    readonly quality: Pick<MonitoringSettings['quality'], 'labelHorizonDays'>;
  },
): Window {
  return windowBefore(new Date(firedAt.getTime() - monitoring.quality.labelHorizonDays * DAY), monitoring);
}

/**
 * Every whole window from `from` to `to`, oldest first.
 * @throws ModelwayError `invalid-range` when there is none, when one has not closed by `now`, or when there are more than 744
 */
export function windowsWithin(
  { from, to }: { readonly from: string; readonly to: string },
  monitoring: Pick<MonitoringSettings, 'every' | 'lagMinutes'>,
  now: Date,
): readonly Window[] {
  const [start, end] = [Date.parse(from), Date.parse(to)];
  const length = LENGTH[monitoring.every];
  const first = Date.parse(windowOf(new Date(start + length - 1), monitoring).from);
  const count = Math.floor((end - first) / length);
  if (!(count >= 1))
    throw refused('to', to, `holds no whole ${monitoring.every} (UTC) after ${from}`, 'widen the range');
  if (count > MOST_WINDOWS)
    throw refused(
      'from',
      from,
      `is ${count} windows before the end, at most ${MOST_WINDOWS} are judged at once`,
      'split the range',
    );
  if (first + count * length > now.getTime() - monitoring.lagMinutes * 60_000)
    throw refused(
      'to',
      to,
      `lies beyond the last window that has closed by ${now.toISOString()}`,
      `end the range at ${windowBefore(now, monitoring).to} or before`,
    );
  return Array.from({ length: count }, (_, index) => windowOf(new Date(first + index * length), monitoring));
}

/** Whether an instant lies in the window: its start does, its end does not. */
export function isWithin(window: Window, instant: string): boolean {
  const time = Date.parse(instant);
  return time >= Date.parse(window.from) && time < Date.parse(window.to);
}

const refused = (path: string, got: string, message: string, fix: string): ModelwayError =>
  new ModelwayError('invalid-range', 'input', [{ path, message, got, fix }]);
