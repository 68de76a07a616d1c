import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Stage } from '../../../contracts/scenario.ts';
import { WindowReportSchema } from '../../../contracts/window.ts';
import type { Callers } from './callers.ts';
import { hoursAfter } from './outcome.ts';

/** A monitored week as its report says. */
export interface WindowSeen {
  readonly readAt: Date;
  readonly verdict: 'drift' | 'none' | 'too-little-data';
  readonly rows: number;
  readonly drifted: readonly string[];
}

/**
 * Plays live traffic until `until`, reading the report of each week on the Monday after it.
 * Stops at the first Monday on which the drift alarm is on, when `stopAtAlarm` says so.
 */
export async function playWeeks(
  stage: Stage,
  callers: Callers,
  seen: WindowSeen[],
  until: Date,
  stopAtAlarm: boolean,
): Promise<'alarm' | 'quiet'> {
  for (let monday = mondayNoonAfter(stage.now()); monday <= until; monday = hoursAfter(monday, 7 * 24)) {
    await callers.askUntil(monday);
    seen.push(await readWindow(stage));
    if (isFirstOfMonth(monday)) await uploadOutcomes(stage, callers);
    if (stopAtAlarm && (await stage.alarmStates()).drift === 'ALARM') return 'alarm';
  }
  await callers.askUntil(until);
  return 'quiet';
}

async function readWindow(stage: Stage): Promise<WindowSeen> {
  const report = WindowReportSchema.parse(await stage.newestReport('window')).drift;
  const drifted = report.features.filter((feature) => feature.drifted);
  if (report.verdict === 'drift') stage.note(drifted.map(({ message }) => message).join('; '), 'monitoring machine');
  return {
    readAt: stage.now(),
    verdict: report.verdict,
    rows: report.window.rows,
    drifted: drifted.map(({ name }) => name),
  };
}

/** Outcomes are collected by the month: the first Monday brings those of the weeks before. */
const isFirstOfMonth = (monday: Date): boolean => monday.getUTCDate() <= 7;

/** Uploads what became of the flights that were asked about; the platform finds the windows they belong to. */
async function uploadOutcomes(stage: Stage, callers: Callers): Promise<void> {
  const outcomes = callers.takeOutcomes();
  if (outcomes.length === 0) return;
  const day = stage.now().toISOString().slice(0, 10);
  const file = join(stage.folder, `outcomes-${day}.jsonl`);
  await writeFile(file, outcomes.map((outcome) => `${JSON.stringify(outcome)}\n`).join(''));
  await stage.upload(file, `labels/outcomes-${day}.jsonl`);
}

/** Monday 12:00 UTC after an instant: the window's schedule and its lag are over by then. */
function mondayNoonAfter(from: Date): Date {
  const noon = new Date(`${from.toISOString().slice(0, 10)}T12:00:00Z`);
  const candidate = hoursAfter(noon, 24 * ((8 - noon.getUTCDay()) % 7));
  return candidate > from ? candidate : hoursAfter(candidate, 7 * 24);
}
