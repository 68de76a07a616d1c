import { z } from 'zod';
import type { FunctionInput, FunctionOutput } from '../../contracts/functions.ts';
import { scoresKey } from '../../contracts/keys.ts';
import { comparePredictions } from '../../core/reproduction/compare-predictions.ts';
import { judgePredictions } from '../../core/reproduction/judge-predictions.ts';
import { predictionTolerance } from '../../core/reproduction/tolerance.ts';
import { jsonLines } from '../aws/json-lines.ts';
import type { Lake } from '../aws/lake.ts';

/** Of an answer only what is compared: explanations follow from the files that differ anyway. */
const AnswerSchema = z.object({ score: z.number(), label: z.number() });

/** Reads both models' scores side by side as streams, and completes the verdict on their files. */
export async function compareScores(
  { model, execution, instanceType, verdict }: FunctionInput<'compare-predictions'>,
  lake: Lake,
): Promise<FunctionOutput<'compare-predictions'>> {
  const scores = (who: 'original' | 'rebuilt') => jsonLines(lake, scoresKey(model.name, execution, who), AnswerSchema);
  const tolerance = predictionTolerance(model.training, instanceType);
  return judgePredictions(verdict, await comparePredictions(scores('original'), scores('rebuilt'), tolerance));
}
