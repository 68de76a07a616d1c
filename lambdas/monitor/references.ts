import { runKeys } from '../../contracts/keys.ts';
import type { ModelConfig } from '../../contracts/model-config.ts';
import { parseOrThrow } from '../../contracts/problems.ts';
import { type Baseline, BaselineSchema, PREDICTION } from '../../contracts/profile.ts';
import { type QualitySetup, QualitySetupSchema } from '../../contracts/quality-window.ts';
import { recordSort } from '../../contracts/records.ts';
import type { Answering } from '../../contracts/window.ts';
import type { NullCache } from '../../core/drift/null-cache.ts';
import { carriedModel } from '../../core/monitoring/carried-model.ts';
import { baselineOfFeatures } from '../../core/monitoring/profile-of-features.ts';
import { watchedFeatures } from '../../core/profile/watched.ts';
import type { Lake } from '../aws/lake.ts';
import type { LineageTable } from '../aws/lineage-table.ts';
import { getPacked } from '../aws/packed-json.ts';

/** What training and its test set left behind for watching a model. */
export interface Reference {
  readonly baseline: Baseline;
  /** Null for models made before that was kept, or with too small a test set. */
  readonly setup: QualitySetup | null;
  /** Null distributions drawn from the baseline so far, for the next window of the same size. */
  readonly draws: NullCache;
}

/** References kept for the next invocation of the same process, newest last: what a run left behind never changes. */
const readBefore = new WeakMap<Lake, Map<string, Reference>>();
/** The model that serves, the one before, and a canary. */
const MOST_KEPT = 3;

/** The reference of a training run: of its baseline the features that requests carry, and predictions. */
export async function referenceOf(model: ModelConfig, runId: string, lake: Lake): Promise<Reference> {
  const kept = readBefore.get(lake) ?? new Map<string, Reference>();
  readBefore.set(lake, kept);
  const name = JSON.stringify([model.name, runId, model.features]);
  const reference = kept.get(name) ?? (await readReference(model, runId, lake));
  kept.delete(name);
  kept.set(name, reference);
  const [oldest] = kept.keys();
  if (kept.size > MOST_KEPT && oldest !== undefined) kept.delete(oldest);
  return reference;
}

async function readReference(model: ModelConfig, runId: string, lake: Lake): Promise<Reference> {
  const keys = runKeys(model.name, runId);
  const [text, setup] = await Promise.all([lake.getText(keys.baseline), qualitySetupOf(keys.quality, lake)]);
  const whole = parseOrThrow(BaselineSchema, JSON.parse(text), 'unreadable-baseline');
  return { baseline: baselineOfFeatures(whole, watchedNames(model)), setup, draws: new Map() };
}

/** Names under which a window of the model is profiled. */
export const watchedNames = (model: ModelConfig): ReadonlySet<string> =>
  new Set([...watchedFeatures(carriedModel(model)).map(({ name }) => name), PREDICTION]);

const qualitySetupOf = async (key: string, lake: Lake): Promise<QualitySetup | null> =>
  (await lake.exists(key)) ? getPacked(lake, key, QualitySetupSchema) : null;

/** The run that made a package: known of the live one, on record for every other; null when it is not. */
export async function runOf(
  model: string,
  packageArn: string,
  { live }: Answering,
  lineage: Pick<LineageTable, 'get'>,
): Promise<string | null> {
  if (packageArn === live.packageArn) return live.runId;
  const record = await lineage.get(model, recordSort('package', packageArn));
  const run = recordSort('run', '');
  return record?.parents.find((parent) => parent.startsWith(run))?.slice(run.length) ?? null;
}
