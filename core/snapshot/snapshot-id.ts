import { type ModelConfig, targetOf } from '../../contracts/model-config.ts';
import type { TrainingConfig } from '../../contracts/serving.ts';
import { canonicalJson, sha256 } from '../lineage/canonical-json.ts';

/** Raise it when the split, the sampling, the form of the files or what is recorded of them changes: old snapshots keep their names and meaning. */
const FORMAT = 3;

/** What the training script is told of the model's config. */
export function trainingConfig(model: ModelConfig): TrainingConfig {
  const { name, data, features, training } = model;
  return { model: name, data, target: targetOf(model), features, seed: training.seed };
}

/** Names a snapshot by all that it follows from: equal inputs give the same snapshot. */
export function snapshotId(model: ModelConfig, datasetVersions: readonly string[]): string {
  const { testShare, validationShare } = model.training;
  const { goldenRows } = model.gates;
  const causes = { FORMAT, datasetVersions, testShare, validationShare, goldenRows, config: trainingConfig(model) };
  return sha256(canonicalJson(causes)).slice(0, 32);
}
