import { z } from 'zod';
import { scoresKey, snapshotKeys } from '../../contracts/keys.ts';
import type { ModelConfig } from '../../contracts/model-config.ts';
import { type Instance, InstanceSchema, type ScoredLine, ScoredLineSchema } from '../../contracts/serving.ts';
import { dayOf, instantOf } from '../../core/profile/instant.ts';
import { allJsonLines, jsonBatches } from '../aws/json-lines.ts';
import type { Lake } from '../aws/lake.ts';

const LabelSchema = z.union([z.literal(0), z.literal(1)]);

/** Test rows kept whole: what the quality reference was measured with, and some 50 MB with thirty columns. */
const MOST_KEPT_ROWS = 50_000;

/** What the batch transforms of a run answered, with the truth. Golden rows follow the test rows in the file that was scored. */
export interface Scores {
  /** Test rows with their place among all of them: all, or as many as are kept, evenly spread. */
  readonly instances: readonly { readonly row: number; readonly instance: Instance }[];
  readonly labels: readonly number[];
  /** UTC day of each test row, NaN where it has no time. */
  readonly days: readonly number[];
  readonly candidate: readonly ScoredLine[];
  readonly golden: readonly ScoredLine[];
  readonly champion: readonly ScoredLine[] | null;
}

/** Reads labels, times and scores of a run; the champion's only when there is one. */
export async function readScores(
  model: ModelConfig,
  run: { readonly execution: string; readonly snapshotId: string; readonly hasChampion: boolean },
  lake: Lake,
): Promise<Scores> {
  const keys = snapshotKeys(model.name, run.snapshotId);
  const scored = (who: 'candidate' | 'champion') =>
    allJsonLines(lake, scoresKey(model.name, run.execution, who), ScoredLineSchema);
  const [labels, candidate, champion] = await Promise.all([
    allJsonLines(lake, keys.testLabels, LabelSchema),
    scored('candidate'),
    run.hasChampion ? scored('champion') : null,
  ]);
  const testRows = candidate.length - model.gates.goldenRows.length;
  const { instances, days } = await keptRows(model, keys.testFeatures, labels.length, lake);
  return {
    instances,
    labels,
    days,
    candidate: candidate.slice(0, testRows),
    golden: candidate.slice(testRows),
    champion: champion === null ? null : champion.slice(0, champion.length - model.gates.goldenRows.length),
  };
}

/** Days of all test rows, and as many of the rows themselves as fit in memory whatever the size of the set. */
async function keptRows(model: ModelConfig, key: string, count: number, lake: Lake) {
  const { time } = model.data;
  const step = Math.max(1, Math.ceil(count / MOST_KEPT_ROWS));
  const days: number[] = [];
  const instances: { readonly row: number; readonly instance: Instance }[] = [];
  let row = 0;
  for await (const batch of jsonBatches(lake, key, InstanceSchema)) {
    // Golden rows follow the test rows.
    for (const instance of batch.slice(0, count - row)) {
      if (time !== undefined) days.push(dayOf(instantOf(instance[time])));
      if (row % step === 0) instances.push({ row, instance });
      row += 1;
    }
  }
  return { instances, days };
}
