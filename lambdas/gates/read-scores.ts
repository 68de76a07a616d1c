import { z } from 'zod';
import { scoresKey, snapshotKeys } from '../../contracts/keys.ts';
import type { ModelConfig } from '../../contracts/model-config.ts';
import { ModelwayError, problemsOf } from '../../contracts/problems.ts';
import { type Instance, InstanceSchema, type ScoredLine, ScoredLineSchema } from '../../contracts/serving.ts';
import { linesOf } from '../../core/capture/lines.ts';
import { dayOf, instantOf } from '../../core/profile/instant.ts';
import type { Lake } from '../aws/lake.ts';

const LabelSchema = z.union([z.literal(0), z.literal(1)]);

/** What the batch transforms of a run answered, with the truth. Golden rows follow the test rows in the file that was scored. */
export interface Scores {
  readonly instances: readonly Instance[];
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
  const labels = await parsedLines(lake, keys.testLabels, LabelSchema);
  const scored = (who: 'candidate' | 'champion') =>
    parsedLines(lake, scoresKey(model.name, run.execution, who), ScoredLineSchema);
  const candidate = await scored('candidate');
  const champion = run.hasChampion ? await scored('champion') : null;
  const testRows = candidate.length - model.gates.goldenRows.length;
  const scoredRows = await parsedLines(lake, keys.testFeatures, InstanceSchema);
  const instances = scoredRows.slice(0, labels.length);
  return {
    instances,
    labels,
    days: daysOf(model, instances),
    candidate: candidate.slice(0, testRows),
    golden: candidate.slice(testRows),
    champion: champion === null ? null : champion.slice(0, champion.length - model.gates.goldenRows.length),
  };
}

function daysOf({ data: { time } }: ModelConfig, instances: readonly Instance[]): readonly number[] {
  return time === undefined ? [] : instances.map((row) => dayOf(instantOf(row[time])));
}

/** @throws ModelwayError `unreadable-scores` naming the object and the line */
async function parsedLines<T>(lake: Lake, key: string, schema: z.ZodType<T>): Promise<readonly T[]> {
  const values: T[] = [];
  for await (const line of linesOf(lake.stream(key))) {
    const result = schema.safeParse(parsedJson(line));
    if (!result.success) {
      const problems = problemsOf(result.error, undefined).map(({ message, path }) => ({
        path: `${key}, line ${values.length + 1} ${path}`,
        message,
      }));
      throw new ModelwayError('unreadable-scores', 'modelway', problems);
    }
    values.push(result.data);
  }
  return values;
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
