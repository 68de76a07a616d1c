import type { MonitoringSettings } from '../../contracts/monitoring-config.ts';
import type { Judgement } from '../../contracts/monitoring-steps.ts';
import { alarmAfter } from '../drift/alarm-after.ts';

/** Whether drift counts, and since when. */
export interface StandingDrift {
  readonly stands: boolean;
  /** Start of the first window that it rests on. */
  readonly since: string;
  /** How many of the last windows drifted, in words. */
  readonly message: string;
}

type Judged = Pick<Judgement, 'verdict' | 'window'>;

/** Whether enough of the last windows drifted to count, this one among them. `past` is oldest first, windows before this one. */
export function standingDrift(
  now: Judged,
  past: readonly Judged[],
  settings: MonitoringSettings['alarmAfter'],
): StandingDrift {
  const newestFirst = [now, ...past.toReversed()];
  const { alarm, drifted, message } = alarmAfter(
    newestFirst.map(({ verdict }) => verdict),
    settings,
  );
  const first = newestFirst.filter(({ verdict }) => verdict === 'drift')[drifted - 1];
  return { stands: alarm, since: first?.window.from ?? now.window.from, message };
}
