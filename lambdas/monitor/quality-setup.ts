import { runKeys, windowKeys } from '../../contracts/keys.ts';
import { type QualitySetup, QualitySetupSchema } from '../../contracts/quality-window.ts';
import type { WatchedModel } from '../../contracts/window.ts';
import { type LabelIndex, labelIndex } from '../../core/labels/label-index.ts';
import { readLabels } from '../../core/labels/read-labels.ts';
import type { Lake } from '../aws/lake.ts';
import { getPacked } from '../aws/packed-json.ts';

/** What is known of the held-out rows of the model that a window is judged as; null for models made before that was kept. */
export async function qualitySetupOf(model: string, { runId }: WatchedModel, lake: Lake): Promise<QualitySetup | null> {
  const { quality } = runKeys(model, runId);
  return (await lake.exists(quality)) ? getPacked(lake, quality, QualitySetupSchema) : null;
}

/** All labels that came for a window so far; some 115 bytes each while the window is counted. */
export async function windowLabels(model: string, windowEnd: string, lake: Lake): Promise<LabelIndex> {
  const index = labelIndex();
  // Stored labels all say when they became known, so when their file was written does not matter.
  for (const { key } of await lake.list(windowKeys(model, windowEnd).labels))
    await readLabels(lake.stream(key), (label) => index.add(label, Number.NaN));
  return index;
}
