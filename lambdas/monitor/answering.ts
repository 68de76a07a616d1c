import type { Answering, Window } from '../../contracts/window.ts';
import type { LineageTable } from '../aws/lineage-table.ts';
import type { PastJudgement } from './past-windows.ts';

/**
 * Who is taken to have given answers that do not say: the model that serves, since it does, and before that the one that the newest
 * window before was judged as. Undefined before the first deployment.
 */
export async function answeringIn(
  model: string,
  { to }: Window,
  past: readonly PastJudgement[],
  lineage: Pick<LineageTable, 'live'>,
): Promise<Answering | undefined> {
  const live = await lineage.live(model);
  if (live === undefined) return undefined;
  const judged = past.filter(({ judgement }) => judgement.packageArn !== null);
  const before = judged.findLast(({ judgement }) => judgement.window.to < to) ?? judged.at(-1);
  const { packageArn, runId, since } = live;
  return { live: { packageArn, runId }, since, before: before?.judgement.packageArn ?? null };
}
