import type { Policy } from './retraining-facts.ts';

const HOUR = 3_600_000;
const HOURS_OF_WEEK = 168;
const WEEKDAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'] as const;
/** `never`: the blackout hours fill the whole week. */
export type BlackoutEnd = Date | 'never';

/**
 * When the blackout that holds at `now` ends (a full hour, UTC), or undefined when none holds. Blackouts that touch are one. A
 * blackout past midnight belongs to the weekday on which it begins.
 */
export function blackoutEnd(blackout: Policy['blackout'], now: Date): BlackoutEnd | undefined {
  const hours = blackedOut(blackout);
  const current = now.getUTCDay() * 24 + now.getUTCHours();
  if (!hours.has(current)) return undefined;
  if (hours.size === HOURS_OF_WEEK) return 'never';
  let ahead = 1;
  while (hours.has((current + ahead) % HOURS_OF_WEEK)) ahead += 1;
  return new Date(Math.floor(now.getTime() / HOUR) * HOUR + ahead * HOUR);
}

/** Hours of the week, from Sunday midnight, in which no run starts. */
function blackedOut(blackout: Policy['blackout']): ReadonlySet<number> {
  return new Set(
    blackout.flatMap(({ weekdays, fromHour, toHour }) => {
      const length = toHour > fromHour ? toHour - fromHour : toHour + 24 - fromHour;
      return (weekdays ?? WEEKDAYS).flatMap((weekday) => {
        const first = WEEKDAYS.indexOf(weekday) * 24 + fromHour;
        return Array.from({ length }, (_, hour) => (first + hour) % HOURS_OF_WEEK);
      });
    }),
  );
}
