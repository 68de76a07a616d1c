import type { Serving } from '../../contracts/deployment.ts';
import { deploymentSeconds } from '../../contracts/deployment-arithmetic.ts';
import { SERVERLESS_GIGABYTE_SECOND } from './price-list.ts';

/** How a model is served, in one line. */
export function servingText(serving: Serving): string {
  switch (serving.kind) {
    case 'realtime':
    case 'async':
      return `${serving.kind} on ${serving.instanceCount} × ${serving.instanceType}, ${serving.strategy.kind}`;
    case 'serverless':
      return `serverless, ${serving.memoryMegabytes} MB, at most ${serving.maxConcurrency} at once`;
    case 'batch':
      return `batch on ${serving.instanceType}`;
    default:
      return serving satisfies never;
  }
}

/** What surprises people about the way of serving they chose. */
export function servingNotes(serving: Serving): string[] {
  switch (serving.kind) {
    case 'realtime':
    case 'async': {
      const { strategy, instanceCount } = serving;
      const minutes = Math.round(deploymentSeconds(strategy) / 60);
      return [
        `a deployment waits ${minutes} min in all, and both fleets are paid for while it lasts`,
        ...canaryNote(instanceCount, strategy.kind === 'canary' ? strategy.percent : undefined),
      ];
    }
    case 'serverless':
      return [
        `costs nothing idle; $${((serving.memoryMegabytes / 1024) * SERVERLESS_GIGABYTE_SECOND * 1000).toFixed(3)} per 1000 s of answering`,
        'SageMaker has no deployment guardrails and no data capture for serverless endpoints: no automatic rollback, no monitoring of inputs',
      ];
    case 'batch':
      return ['costs nothing idle; nothing answers requests, so there is no canary'];
    default:
      return serving satisfies never;
  }
}

/** SageMaker moves whole instances, so a small canary of a small fleet is larger than it says. */
function canaryNote(instances: number, percent: number | undefined): string[] {
  if (percent === undefined) return [];
  const moved = Math.max(1, Math.ceil((instances * percent) / 100));
  const real = Math.round((moved / instances) * 100);
  return real === percent
    ? []
    : [`a canary of ${percent} % is ${moved} of ${instances} instances, which is ${real} % of the traffic`];
}
