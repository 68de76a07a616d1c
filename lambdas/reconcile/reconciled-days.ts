import { reconciledDayKey } from '../../contracts/keys.ts';
import { ReconciledDaySchema, type ReconciledWindow } from '../../contracts/reconciliation.ts';
import { dayOf } from '../../core/reconciliation/windows-to-count.ts';
import type { Lake } from '../aws/lake.ts';

/** What was counted over before, of some days, and what is added to it. */
export interface ReconciledDays {
  /** In order of time. */
  all(): readonly ReconciledWindow[];
  /** Stores the window with its day, so that it is not counted again. */
  add(counted: ReconciledWindow): Promise<void>;
}

/** Reads the documents of those days; one that is not there was not counted yet. */
export async function reconciledDays(
  model: string,
  days: readonly string[],
  lake: Pick<Lake, 'exists' | 'getText' | 'putText'>,
): Promise<ReconciledDays> {
  const found = await Promise.all(days.map((day) => read(reconciledDayKey(model, day), lake)));
  const windows = new Map(found.flat().map((counted) => [counted.window.from, counted]));
  const all = () => [...windows.values()].sort((a, b) => (a.window.from < b.window.from ? -1 : 1));
  return {
    all,
    add: async (added) => {
      windows.set(added.window.from, added);
      const day = dayOf(added.window);
      const counted = all().filter(({ window }) => dayOf(window) === day);
      await lake.putText(reconciledDayKey(model, day), JSON.stringify({ model, day, counted }), 'application/json');
    },
  };
}

async function read(key: string, lake: Pick<Lake, 'exists' | 'getText'>): Promise<readonly ReconciledWindow[]> {
  if (!(await lake.exists(key))) return [];
  return ReconciledDaySchema.parse(JSON.parse(await lake.getText(key))).counted;
}
