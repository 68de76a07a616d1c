import { runKeys } from '../../contracts/keys.ts';
import { parseOrThrow } from '../../contracts/problems.ts';
import { type Baseline, BaselineSchema } from '../../contracts/profile.ts';
import type { WatchedModel } from '../../contracts/window.ts';
import type { Lake } from '../aws/lake.ts';

/** The training baseline of the model that a window is judged as. */
export async function baselineOf(model: string, { runId }: WatchedModel, lake: Lake): Promise<Baseline> {
  const text = await lake.getText(runKeys(model, runId).baseline);
  return parseOrThrow(BaselineSchema, JSON.parse(text), 'unreadable-baseline');
}
