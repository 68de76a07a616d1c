import type { MonitoringSettings } from '../../contracts/monitoring-config.ts';

/** What windows before say: only those that were judged count. */
export type PastVerdict = 'drift' | 'none' | 'too-little-data' | 'no-model';

/** Whether to raise the alarm, and on what. */
export interface AlarmDecision {
  readonly alarm: boolean;
  /** Windows that drifted among those looked at. */
  readonly drifted: number;
  /** Judged windows looked at, at most `of`. */
  readonly judged: number;
  readonly message: string;
}

/**
 * The alarm goes off when at least `windows` of the newest `of` judged windows drifted, the newest among them: an alarm is about
 * now. Windows without a verdict are left out, so that a quiet night neither raises nor ends it.
 * @param verdicts newest first
 */
export function alarmAfter(
  verdicts: readonly PastVerdict[],
  { windows, of }: MonitoringSettings['alarmAfter'],
): AlarmDecision {
  const judged = verdicts.filter((verdict) => verdict === 'drift' || verdict === 'none').slice(0, of);
  const drifted = judged.filter((verdict) => verdict === 'drift').length;
  const alarm = drifted >= windows && judged[0] === 'drift';
  const among = `${drifted} of the last ${judged.length} judged windows drifted`;
  return { alarm, drifted, judged: judged.length, message: `${among}; the alarm wants ${windows} of ${of}` };
}
