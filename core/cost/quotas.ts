import { type Serving, scoringInstanceType } from '../../contracts/deployment.ts';
import { INTAKE_JOB_INSTANCE_TYPE } from '../../contracts/intake-job.ts';
import type { ModelConfig } from '../../contracts/model-config.ts';
import type { PlanDocument } from '../../contracts/plan.ts';
import { SCORING_JOBS } from './model-cost.ts';

type Quota = PlanDocument['quotas'][number];

/** SageMaker quotas (Service Quotas console) a platform needs; a new account often has 0 for a type. */
export function quotasOf(models: readonly ModelConfig[]): readonly Quota[] {
  const needed = new Map<string, Quota>();
  for (const quota of models.flatMap(quotasOfModel)) {
    const before = needed.get(quota.name);
    needed.set(
      quota.name,
      before === undefined
        ? quota
        : {
            name: quota.name,
            needed: before.needed + quota.needed,
            because: `${before.because}; ${quota.because}`,
          },
    );
  }
  return [...needed.values()].sort((a, b) => a.name.localeCompare(b.name));
}

function quotasOfModel(model: ModelConfig): readonly Quota[] {
  const spot = model.training.spot === undefined ? '' : 'spot ';
  return [
    ...endpointQuotas(model.name, model.serving),
    ...model.training.instances.map((type) => ({
      name: `${type} for ${spot}training job usage`,
      needed: 1,
      because: `one training run of ${model.name} at a time`,
    })),
    {
      name: `${scoringInstanceType(model.serving)} for transform job usage`,
      needed: SCORING_JOBS,
      because: `candidate and champion of ${model.name} are scored at once`,
    },
    {
      name: `${INTAKE_JOB_INSTANCE_TYPE} for processing job usage`,
      needed: 1,
      because: `an upload to ${model.name} that is too large for functions`,
    },
  ];
}

function endpointQuotas(model: string, serving: Serving): readonly Quota[] {
  switch (serving.kind) {
    case 'realtime':
    case 'async': {
      const { strategy, instanceCount } = serving;
      const extra =
        strategy.kind === 'rolling' ? Math.ceil((instanceCount * strategy.batchPercent) / 100) : instanceCount;
      const because = strategy.kind === 'rolling' ? 'one batch beside the fleet' : 'old and new fleet at once';
      return [
        {
          name: `${serving.instanceType} for endpoint usage`,
          needed: instanceCount + extra,
          because: `${because} while ${model} is deployed`,
        },
      ];
    }
    case 'serverless':
      return [
        {
          name: 'Maximum total concurrency that can be allocated across all serverless endpoints',
          needed: serving.maxConcurrency,
          because: `${model} answers so many at once`,
        },
      ];
    case 'batch':
      return [];
    default:
      return serving satisfies never;
  }
}
