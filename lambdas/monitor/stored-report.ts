import type { z } from 'zod';
import { windowReportKey } from '../../contracts/keys.ts';
import { type Window, WindowReportSchema } from '../../contracts/window.ts';
import type { Lake } from '../aws/lake.ts';
import type { PastJudgement } from './past-windows.ts';

/** What a later judgement of a window takes over from the report before. */
const StoredReportSchema = WindowReportSchema.pick({ live: true, answering: true, drift: true, driftFrom: true });
export type StoredReport = z.infer<typeof StoredReportSchema>;

/** The report of a window that was judged as a model before; undefined when it was not. */
export async function storedReport(
  model: string,
  { to }: Window,
  past: readonly PastJudgement[],
  lake: Lake,
): Promise<StoredReport | undefined> {
  const earlier = past.find(({ judgement }) => judgement.window.to === to);
  if (earlier === undefined || earlier.judgement.reportKey === null) return undefined;
  return StoredReportSchema.parse(JSON.parse(await lake.getText(windowReportKey(model, to, 'json'))));
}
