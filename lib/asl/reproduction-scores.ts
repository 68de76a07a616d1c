import { SERVING_ENVIRONMENT } from '../../contracts/training-job.ts';
import { caught, invokeFunction, type MachineContext } from './machine.ts';
import { scoredModel } from './scored-model.ts';
import { type Branch, expression, type State } from './states.ts';
import type { JobContext } from './training-job.ts';

/**
 * Scores both models of a reproduction, side by side, on the frozen test set, in the image of the run; then compares what they
 * answered. Entered only when their files differ: batch jobs cost money.
 */
export function predictionStates(context: MachineContext, job: JobContext): Readonly<Record<string, State>> {
  return {
    'SameFiles?': {
      Type: 'Choice',
      Choices: [{ Condition: expression('$compared.comparePredictions'), Next: 'ScoreBoth' }],
      Default: 'RecordVerdict',
    },
    ScoreBoth: {
      Type: 'Parallel',
      Branches: [
        branch(context, job, 'original', '$compared.original'),
        branch(context, job, 'rebuilt', '$trained.artifact'),
      ],
      Next: 'ComparePredictions',
      Catch: caught,
    },
    ComparePredictions: invokeFunction(
      context,
      'compare-predictions',
      {
        model: expression('$model'),
        execution: expression('$execution'),
        instanceType: expression('$trained.recipe.instanceType'),
        verdict: expression('$verdict'),
      },
      { Assign: { verdict: expression('$states.result.Payload') }, Next: 'RecordVerdict', Catch: caught },
    ),
  };
}

function branch({ model }: MachineContext, job: JobContext, who: 'original' | 'rebuilt', artifact: string): Branch {
  const container = {
    Image: expression('$recipe.imageUri'),
    ModelDataUrl: expression(artifact),
    Environment: {
      ...SERVING_ENVIRONMENT,
      SAGEMAKER_REGION: job.region,
      MODELWAY_MODEL: model.name,
      MODELWAY_MODEL_PACKAGE: `reproduction/${who}`,
    },
  };
  const title = who === 'original' ? 'Original' : 'Rebuilt';
  const name = `$snapshot.jobName & '-${who.slice(0, 2)}'`;
  return {
    StartAt: `Create${title}`,
    States: {
      ...scoredModel(model, job, { who, name, container, next: `${title}Done` }),
      [`${title}Done`]: { Type: 'Pass', End: true },
    },
  };
}
