import type { Scored } from '../../contracts/keys.ts';
import type { ModelConfig } from '../../contracts/model-config.ts';
import { expression, type InnerState, type Json } from './states.ts';
import { call, nameOfTry } from './tasks.ts';
import type { JobContext } from './training-job.ts';
import { score } from './transform-job.ts';

/** A SageMaker Model that lives as long as it takes to score the frozen test set. */
export interface ScoredModel {
  readonly who: Scored;
  /** Its name, an expression. */
  readonly name: string;
  readonly container: Readonly<Record<string, Json>>;
  /** State of the same branch that follows. */
  readonly next: string;
}

/** `Create…`, `Score…` and `Delete…` of one Model, for a branch: what goes wrong is caught around all branches. */
export function scoredModel(
  model: ModelConfig,
  job: JobContext,
  { who, name, container, next }: ScoredModel,
): Readonly<Record<string, InnerState>> {
  const title = `${who.charAt(0).toUpperCase()}${who.slice(1)}`;
  const variable = `${who}Model`;
  return {
    [`Create${title}`]: uncaught(
      'createModel',
      modelRequest(job, name, container),
      { [variable]: nameOfTry(name) },
      `Score${title}`,
    ),
    [`Score${title}`]: { ...score(model, job, who, `$${variable}`), Next: `Delete${title}` },
    [`Delete${title}`]: call(
      'sagemaker',
      'deleteModel',
      { ModelName: expression(`$${variable}`) },
      // One that stays behind costs nothing and goes with the stack.
      { Next: next, Catch: [{ ErrorEquals: ['States.ALL'], Next: next }] },
    ),
  };
}

/** A request for a SageMaker Model that batch jobs work with. */
export const modelRequest = (job: JobContext, name: string, container: Json): Readonly<Record<string, Json>> => ({
  ModelName: nameOfTry(name),
  ExecutionRoleArn: job.jobRoleArn,
  EnableNetworkIsolation: true,
  VpcConfig: job.vpc,
  PrimaryContainer: container,
});

/** A call inside a branch, where what goes wrong is caught around all branches. */
export function uncaught(
  operation: string,
  args: Readonly<Record<string, Json>>,
  assign: Readonly<Record<string, Json>>,
  next: string,
): InnerState {
  const { Catch: _around, ...task } = call('sagemaker', operation, args, { Assign: assign, Next: next, Catch: [] });
  return task;
}
