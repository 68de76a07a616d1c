import type { ModelConfig } from '../../contracts/model-config.ts';
import { PREDICTION, type Profile } from '../../contracts/profile.ts';
import type { Instance } from '../../contracts/serving.ts';
import type { VersionCounts } from '../../contracts/window.ts';
import { columnTypes, readyMetrics } from '../../core/business/business-metrics.ts';
import type { CapturedRow } from '../../core/capture/decode-record.ts';
import type { Outcome } from '../../core/labels/label-index.ts';
import { carriedModel } from '../../core/monitoring/carried-model.ts';
import { mergeProfiles } from '../../core/profile/merge.ts';
import { profileNumbers } from '../../core/profile/numeric.ts';
import { profileRows } from '../../core/profile/profile-rows.ts';
import { watchedFeatures } from '../../core/profile/watched.ts';
import { qualityCounter } from '../../core/quality/quality-counter.ts';
import { storeQualityWindow } from '../../core/quality/stored-window.ts';
import type { Reference } from './references.ts';

/** Rows held before they are profiled and let go, so that memory does not grow with the window. */
const BATCH_ROWS = 20_000;

/** Counts the rows that one version answered over the bins of its own reference. */
export interface VersionCounter {
  /** @param at epoch milliseconds; `outcome` is the row's label where one came */
  readonly add: (row: CapturedRow, at: number, outcome: Outcome | undefined) => void;
  readonly counted: () => VersionCounts;
}

/** A version and what its training left behind; null when no run of it is on record, and then rows are counted and no more. */
export interface Version {
  readonly packageArn: string;
  readonly runId: string | null;
  readonly reference: Reference | null;
}

/** An empty counter of one version. */
export function versionCounter(model: ModelConfig, { packageArn, runId, reference }: Version): VersionCounter {
  const watched = reference === null ? undefined : watchedCounter(model, reference);
  let [rows, explained, last] = [0, 0, Number.NEGATIVE_INFINITY];
  return {
    add: (row, at, outcome) => {
      rows += 1;
      if (row.prediction?.shap) explained += 1;
      if (at > last) last = at;
      watched?.add(row, at, outcome);
    },
    counted: () => ({
      packageArn,
      runId,
      rows,
      explained,
      lastAt: rows === 0 ? '' : new Date(last).toISOString(),
      ...(watched?.counted() ?? { profile: null, quality: null }),
    }),
  };
}

function watchedCounter(model: ModelConfig, { baseline, setup }: Reference) {
  const business = readyMetrics(model.monitoring.business, columnTypes(model.data));
  const quality = setup === null ? undefined : qualityCounter(setup, watchedFeatures(carriedModel(model)), business);
  let batch: { readonly rows: Instance[]; readonly scores: number[] } = { rows: [], scores: [] };
  let profile = profileBatch(baseline.profile, model, batch);
  const close = () => {
    profile = mergeProfiles(profile, profileBatch(baseline.profile, model, batch));
    batch = { rows: [], scores: [] };
  };
  return {
    add: ({ instance, prediction, label }: CapturedRow, at: number, outcome: Outcome | undefined) => {
      if (instance !== null) batch.rows.push(instance);
      if (prediction !== null) batch.scores.push(prediction.score);
      if (instance !== null && prediction !== null) {
        const known = outcome === undefined ? capturedLabel(label) : joinedLabel(outcome);
        quality?.add({ instance, score: prediction.score, at, shap: prediction.shap, ...known });
      }
      if (batch.rows.length >= BATCH_ROWS) close();
    },
    counted: (): Pick<VersionCounts, 'profile' | 'quality'> => {
      close();
      return { profile, quality: quality === undefined ? null : storeQualityWindow(quality.window) };
    },
  };
}

/** A label that was captured with the prediction itself, in records merged with ground truth; when it became known is not. */
const capturedLabel = (label: number | null): { readonly label?: 0 | 1 } =>
  label === 0 || label === 1 ? { label } : {};

const joinedLabel = ({ label, value, at }: Outcome) => ({
  label: label === 1 ? (1 as const) : (0 as const),
  labelledAt: at,
  ...(Number.isNaN(value) ? {} : { value }),
});

function profileBatch(
  baseline: Profile,
  model: ModelConfig,
  { rows, scores }: { readonly rows: readonly Instance[]; readonly scores: readonly number[] },
): Profile {
  const inputs = profileRows(baseline, carriedModel(model), rows);
  const predictions = baseline.features[PREDICTION];
  if (predictions?.kind !== 'numeric') return inputs;
  const scored = profileNumbers(predictions.edges, Float64Array.from(scores));
  return { ...inputs, features: { ...inputs.features, [PREDICTION]: scored } };
}
