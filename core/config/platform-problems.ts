import { configProblems } from '../../contracts/config-problems.ts';
import type { ModelConfig, PlatformConfig } from '../../contracts/model-config.ts';
import type { Problem } from '../../contracts/problems.ts';
import { businessProblems } from '../business/business-metrics.ts';
import { featureProblems } from './feature-problems.ts';
import { goldenRowProblems } from './golden-row-problems.ts';
import { qualityProblems } from './quality-problems.ts';
import { retrainingProblems } from './retraining-problems.ts';

/** Names a setting of one model in the config. */
export type At = (path: string) => string;

/**
 * Everything that parses but cannot work, found when a config is read: by every command, by the CDK app and by the construct library
 * alike. What a model could only learn from its first window or its first decision is told here. Empty when nothing is wrong.
 */
export function platformProblems(config: PlatformConfig): readonly Problem[] {
  return [...configProblems(config), ...config.models.flatMap((model, index) => modelProblems(model, index))];
}

function modelProblems(model: ModelConfig, index: number): readonly Problem[] {
  const at: At = (path) => `models[${index}].${path}`;
  return [
    ...featureProblems(model, at),
    ...goldenRowProblems(model, at),
    ...businessProblems(model.monitoring.business, model.data, at('monitoring.business')),
    ...qualityProblems(model, at),
    ...retrainingProblems(model, at),
  ];
}
