import { invalid } from './service-error.ts';
import type { ResourceConfig, TrainingRequest } from './training-request.ts';

export interface Instances {
  readonly type: string;
  readonly count: number;
}

/**
 * The instances a job runs on: the type asked for, or the first preference (capacity is never short here).
 * @throws ServiceError where the service's documentation rules a combination out
 */
export function chooseInstances(
  request: Pick<TrainingRequest, 'ResourceConfig' | 'EnableManagedSpotTraining'>,
): Instances {
  const config = request.ResourceConfig;
  const preferences = config.InstancePreferences;
  if (preferences === undefined) {
    if (config.InstanceType === undefined)
      throw invalid(
        'ResourceConfig needs InstanceType, InstanceGroups or InstancePreferences; the rehearsal has no groups.',
      );
    return { type: config.InstanceType, count: config.InstanceCount ?? 1 };
  }
  refuseMixedPreferences(config, request.EnableManagedSpotTraining === true);
  const [first] = preferences;
  if (first === undefined) throw invalid('InstancePreferences must name at least one instance type.');
  return { type: first.InstanceType, count: first.InstanceCount ?? config.InstanceCount ?? 1 };
}

function refuseMixedPreferences(config: ResourceConfig, spot: boolean): void {
  const preferences = config.InstancePreferences ?? [];
  const others = [
    config.InstanceType !== undefined && 'InstanceType',
    config.InstanceGroups !== undefined && 'InstanceGroups',
    spot && 'EnableManagedSpotTraining',
  ].filter((name) => name !== false);
  if (others.length > 0)
    throw invalid(`InstancePreferences cannot be used together with ${others.join(', ')}; leave one of them out.`);
  const types = preferences.map((preference) => preference.InstanceType);
  if (new Set(types).size < types.length)
    throw invalid(`An instance type can appear only once in InstancePreferences (got ${types.join(', ')}).`);
  const counted = preferences.filter((preference) => preference.InstanceCount !== undefined).length;
  const consistent = config.InstanceCount === undefined ? counted === preferences.length : counted === 0;
  if (!consistent)
    throw invalid(
      'InstanceCount must be set either in ResourceConfig or in every one of InstancePreferences, not in both.',
    );
}
