import { featureName } from '../../contracts/features.ts';
import type { ModelConfig } from '../../contracts/model-config.ts';
import { ModelwayError } from '../../contracts/problems.ts';
import type { QualitySetup } from '../../contracts/quality-window.ts';
import type { ScoredLine } from '../../contracts/serving.ts';
import { columnTypes, readyMetrics } from '../../core/business/business-metrics.ts';
import { carriedModel } from '../../core/monitoring/carried-model.ts';
import { watchedFeatures } from '../../core/profile/watched.ts';
import { meanAbsoluteShap } from '../../core/quality/importance.ts';
import { fitQualitySetup } from '../../core/quality/quality-setup.ts';
import type { Scores } from './read-scores.ts';

/**
 * What the test rows teach about the candidate's scores, for judging the quality of what it will answer; null when they are too few
 * or of one class, which the gates have an opinion of themselves.
 */
export function heldOutQuality(
  model: ModelConfig,
  { instances, labels, days, candidate }: Pick<Scores, 'instances' | 'labels' | 'days' | 'candidate'>,
): QualitySetup | null {
  const names = model.features.map(featureName);
  const kept = instances.flatMap(({ row, instance }) => {
    const line = candidate[row];
    return line === undefined
      ? []
      : [{ instance, line, label: labels[row] ?? Number.NaN, day: days[row] ?? Number.NaN }];
  });
  try {
    return fitQualitySetup({
      features: watchedFeatures(carriedModel(model)),
      instances: kept.map(({ instance }) => instance),
      scores: kept.map(({ line }) => line.score),
      labels: kept.map(({ label }) => label),
      days: days.length === 0 ? [] : kept.map(({ day }) => day),
      threshold: thresholdOf(candidate),
      importance: meanAbsoluteShap(names, candidate),
      slices: model.monitoring.quality.slices,
      protected: model.data.protected ?? [],
      explained: { names, shap: kept.map(({ line }) => line.shap) },
      business: readyMetrics(model.monitoring.business, columnTypes(model.data)),
    });
  } catch (error) {
    if (error instanceof ModelwayError && error.code === 'invalid-held-out-rows') return null;
    throw error;
  }
}

/** Where the candidate begins to predict 1: its lowest score that it labelled so; 1 when it never did. */
export function thresholdOf(lines: readonly ScoredLine[]): number {
  return lines.reduce((lowest, { score, label }) => (label === 1 && score < lowest ? score : lowest), 1);
}
