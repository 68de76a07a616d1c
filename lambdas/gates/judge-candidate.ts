import { featureName } from '../../contracts/features.ts';
import type { FunctionInput, FunctionOutput } from '../../contracts/functions.ts';
import type { GateDecision } from '../../contracts/gates.ts';
import { runKeys, snapshotKeys } from '../../contracts/keys.ts';
import { parseOrThrow } from '../../contracts/problems.ts';
import { BaselineSchema } from '../../contracts/profile.ts';
import { decideGates } from '../../core/gates/decide-gates.ts';
import { withPredictions } from '../../core/profile/predictions.ts';
import { meanAbsoluteShap } from '../../core/quality/importance.ts';
import { modelCardPage } from '../../core/report/model-card.ts';
import type { Lake } from '../aws/lake.ts';
import { putPacked } from '../aws/packed-json.ts';
import { heldOutQuality } from './held-out-quality.ts';
import { readScores } from './read-scores.ts';

type Request = FunctionInput<'gates'>;

/**
 * Judges a run's candidate and stores the decision, the model card, the monitoring baseline and what later quality is held against. The machine records the run: it
 * knows what it was made from.
 */
export async function judgeCandidate(request: Request, lake: Lake): Promise<FunctionOutput<'gates'>> {
  const { model, execution, snapshotId, championModelName } = request;
  const scores = await readScores(model, { execution, snapshotId, hasChampion: championModelName !== null }, lake);
  const baselineKey = snapshotKeys(model.name, snapshotId).baseline;
  const inputs = parseOrThrow(BaselineSchema, JSON.parse(await lake.getText(baselineKey)), 'unreadable-baseline');

  const names = model.features.map(featureName);
  const decision = decideGates({
    ...scores,
    settings: model.gates,
    featureCount: names.length,
    seed: model.training.seed,
  });
  const importance = meanAbsoluteShap(names, scores.candidate);
  const test = { scores: scores.candidate.map(({ score }) => score), labels: scores.labels };

  const keys = runKeys(model.name, execution);
  const card = {
    model: model.name,
    run: execution,
    snapshot: snapshotId,
    job: request.jobName,
    reason: request.reason,
    champion: championModelName,
    decision,
    test,
    importance,
  };
  const baseline = withPredictions(inputs, test.scores, scores.days, importance);
  // A refused candidate never answers anybody.
  const quality = decision.passed ? heldOutQuality(model, scores) : null;
  if (quality !== null) await putPacked(lake, keys.quality, quality);
  await lake.putText(keys.baseline, JSON.stringify(baseline), 'application/json');
  await lake.putText(keys.modelCard, modelCardPage(card), 'text/html; charset=utf-8');
  await lake.putText(keys.gates, JSON.stringify({ run: execution, snapshotId, ...decision }), 'application/json');
  return { decision, gatesKey: keys.gates, modelCardKey: keys.modelCard, metadata: metadata(request, decision) };
}

/** What the model package carries of its run: strings of at most 256 characters. */
function metadata({ model, execution, snapshotId, jobName }: Request, { gates }: GateDecision): Record<string, string> {
  const keys = runKeys(model.name, execution);
  const auc = gates.find(({ name }) => name === 'auc')?.value;
  return {
    run: execution,
    snapshot: snapshotId,
    job: jobName,
    auc: auc === undefined ? 'none' : auc.toFixed(6),
    gates: keys.gates,
    baseline: keys.baseline,
  };
}
