import { scoringInstanceType } from '../../contracts/deployment.ts';
import type { ModelConfig } from '../../contracts/model-config.ts';
import { instanceHour, SCORING_JOBS } from './model-cost.ts';

/** Minutes one batch job is taken to last: mostly its instance's start. An assumption of the estimate, not measured on AWS. */
const SCORING_MINUTES = 15;

/**
 * Estimated list price of a training run, USD: its billable seconds on the preferred instance type, or its whole `maxRuntimeSeconds` when
 * they are not known, and two batch jobs. Null when a price is not in the list.
 */
export function runCost(model: Pick<ModelConfig, 'training' | 'serving'>, billableSeconds?: number): number | null {
  const { instances, maxRuntimeSeconds } = model.training;
  const training = instanceHour(instances[0]);
  const scoring = instanceHour(scoringInstanceType(model.serving));
  if (training === null || scoring === null) return null;
  return (training * (billableSeconds ?? maxRuntimeSeconds)) / 3600 + (SCORING_JOBS * scoring * SCORING_MINUTES) / 60;
}
