import type { Serving, Strategy } from './deployment.ts';

/** Longest deployment SageMaker allows (`MaximumExecutionTimeoutInSeconds`). */
const LONGEST_DEPLOYMENT_SECONDS = 28_800;
export const DEFAULT_KEEP_OLD_SECONDS = 600;
export const DEFAULT_ALARM_PERIOD_SECONDS = 60;

/** A way of serving whose numbers cannot work together: where, and the change to make. */
export interface ArithmeticProblem {
  readonly path: readonly string[];
  readonly message: string;
}

/** Numbers of a deployment that contradict each other, so that it would never pass or never be rolled back. */
export function deploymentArithmetic(serving: Serving): readonly ArithmeticProblem[] {
  if (serving.kind !== 'realtime' && serving.kind !== 'async') return [];
  const { strategy } = serving;
  const problems: ArithmeticProblem[] = [];
  if (strategy.kind !== 'all-at-once' && serving.instanceCount < 2)
    problems.push({
      path: ['instanceCount'],
      message: `a ${strategy.kind} deployment needs two instances or more; raise instanceCount or use all-at-once`,
    });
  const periodSeconds = serving.rollback?.periodSeconds ?? DEFAULT_ALARM_PERIOD_SECONDS;
  const watched = watchedSeconds(strategy);
  if (watched.seconds < 2 * periodSeconds)
    problems.push({
      path: ['strategy', watched.field],
      message: `${watched.field} must hold two periods of the rollback alarms (${2 * periodSeconds} s), or they end before an alarm can go off; raise it or shorten rollback.periodSeconds`,
    });
  const total = deploymentSeconds(strategy);
  if (total > LONGEST_DEPLOYMENT_SECONDS)
    problems.push({
      path: ['strategy'],
      message: `all waits together take ${total} s, SageMaker ends a deployment after ${LONGEST_DEPLOYMENT_SECONDS} s; use larger steps or shorter waits`,
    });
  return problems;
}

/** Seconds all waits of a deployment take together. */
export function deploymentSeconds(strategy: Strategy): number {
  switch (strategy.kind) {
    case 'canary':
      return strategy.bakeSeconds + (strategy.keepOldSeconds ?? DEFAULT_KEEP_OLD_SECONDS);
    case 'linear':
      return (
        Math.ceil(100 / strategy.stepPercent) * strategy.bakeSeconds +
        (strategy.keepOldSeconds ?? DEFAULT_KEEP_OLD_SECONDS)
      );
    case 'rolling':
      return Math.ceil(100 / strategy.batchPercent) * strategy.bakeSeconds;
    case 'all-at-once':
      return strategy.keepOldSeconds ?? DEFAULT_KEEP_OLD_SECONDS;
    default:
      return strategy satisfies never;
  }
}

/** How long the alarms watch the new fleet before the old one is gone. */
function watchedSeconds(strategy: Strategy): { readonly field: string; readonly seconds: number } {
  return strategy.kind === 'all-at-once'
    ? { field: 'keepOldSeconds', seconds: strategy.keepOldSeconds ?? DEFAULT_KEEP_OLD_SECONDS }
    : { field: 'bakeSeconds', seconds: strategy.bakeSeconds };
}
