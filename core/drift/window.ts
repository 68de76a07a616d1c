import type { ModelConfig } from '../../contracts/model-config.ts';
import type { Window } from '../../contracts/window.ts';
import { DAY, HOUR } from '../profile/instant.ts';

const LENGTH = { hour: HOUR, day: DAY, week: 7 * DAY } as const;
/** 1970-01-01 was a Thursday; ISO weeks begin on Monday, four days later. */
const FIRST_MONDAY = 4 * DAY;

/** The last whole UTC hour, day or ISO week that ended at least the lag before `firedAt`. */
export function windowBefore(
  firedAt: Date,
  monitoring: Pick<ModelConfig['monitoring'], 'every' | 'lagMinutes'>,
): Window {
  const length = LENGTH[monitoring.every];
  const offset = monitoring.every === 'week' ? FIRST_MONDAY : 0;
  const settled = firedAt.getTime() - monitoring.lagMinutes * 60_000;
  const to = Math.floor((settled - offset) / length) * length + offset;
  return { from: new Date(to - length).toISOString(), to: new Date(to).toISOString() };
}

/** Whether an instant lies in the window: its start does, its end does not. */
export function isWithin(window: Window, instant: string): boolean {
  const time = Date.parse(instant);
  return time >= Date.parse(window.from) && time < Date.parse(window.to);
}
