import type { ModelConfig } from '../../contracts/model-config.ts';
import type { QualitySetup } from '../../contracts/quality-window.ts';
import type { WindowCounts } from '../../contracts/window.ts';
import { columnTypes, readyMetrics } from '../../core/business/business-metrics.ts';
import type { CapturedRequest } from '../../core/capture/decode-record.ts';
import type { LabelIndex, Outcome } from '../../core/labels/label-index.ts';
import { watchedFeatures } from '../../core/profile/watched.ts';
import { qualityCounter } from '../../core/quality/quality-counter.ts';
import { storeQualityWindow } from '../../core/quality/stored-window.ts';

/** Counts what the quality of a window is judged by, request by request. */
export interface QualityTally {
  /** @param at epoch milliseconds; `counts` says of the package that answered whether its rows count */
  readonly add: (request: CapturedRequest, at: number, counts: (modelPackage: string | null) => boolean) => void;
  readonly counted: () => Pick<WindowCounts, 'quality' | 'labels'>;
}

/** A label that was captured with the prediction itself, in records merged with ground truth; when it became known is not. */
const capturedLabel = (label: number | null): { readonly label?: 0 | 1 } =>
  label === 0 || label === 1 ? { label } : {};

const joinedLabel = ({ label, value, at }: Outcome) => ({
  label: label === 1 ? (1 as const) : (0 as const),
  labelledAt: at,
  ...(Number.isNaN(value) ? {} : { value }),
});

/** A tally over a model's held-out rows, which joins each row with its label. Without a setup only labels are joined. */
export function qualityTally(model: ModelConfig, setup: QualitySetup | null, labels: LabelIndex): QualityTally {
  const business = readyMetrics(model.monitoring.business, columnTypes(model.data));
  const counter = setup === null ? undefined : qualityCounter(setup, watchedFeatures(model), business);
  let matched = 0;
  return {
    add: ({ inferenceId, rows }, at, counts) => {
      for (const [row, { instance, prediction, label }] of rows.entries()) {
        const outcome = inferenceId === undefined ? undefined : labels.take(inferenceId, row);
        if (outcome !== undefined) matched += 1;
        if (instance === null || prediction === null || !counts(prediction.modelPackage)) continue;
        counter?.add({
          instance,
          score: prediction.score,
          at,
          shap: prediction.shap,
          ...(outcome === undefined ? capturedLabel(label) : joinedLabel(outcome)),
        });
      }
    },
    counted: () => ({
      quality: counter === undefined ? null : storeQualityWindow(counter.window),
      labels: { ...labels.agreement(), matched },
    }),
  };
}
