import { FUNCTIONS } from '../../contracts/functions.ts';
import type { ModelConfig } from '../../contracts/model-config.ts';
import { SERVING_ENVIRONMENT } from '../../contracts/training-job.ts';
import { caught, type MachineContext } from './machine.ts';
import { modelRequest, scoredModel, uncaught } from './scored-model.ts';
import { type Branch, expression, type State } from './states.ts';
import { call, invoke, nameOfTry } from './tasks.ts';
import type { JobContext } from './training-job.ts';
import { score } from './transform-job.ts';

/** Name of the second Model of the champion, beside the candidate's. */
const CHAMPION = "$snapshot.jobName & '-ch'";

/**
 * Makes a SageMaker Model of the candidate and scores it and the champion, side by side, on the frozen test set. Meanwhile every file
 * of the artifact is hashed, for the record of the run.
 */
export function scoreStates(context: MachineContext, job: JobContext): Readonly<Record<string, State>> {
  const { model } = context;
  const candidate = modelRequest(job, '$snapshot.jobName', {
    Image: job.imageUri,
    ModelDataUrl: expression('$trained.artifact'),
    Environment: {
      ...SERVING_ENVIRONMENT,
      SAGEMAKER_REGION: job.region,
      MODELWAY_MODEL: model.name,
      MODELWAY_MODEL_PACKAGE: expression("'candidate/' & $trained.job"),
    },
  });
  return {
    CreateCandidate: call('sagemaker', 'createModel', candidate, {
      Assign: { candidateModel: nameOfTry('$snapshot.jobName') },
      Next: 'Score',
      Catch: caught,
    }),
    Score: {
      Type: 'Parallel',
      Branches: [
        {
          StartAt: 'ScoreCandidate',
          States: { ScoreCandidate: { ...score(model, job, 'candidate', '$candidateModel'), End: true } },
        },
        championBranch(model, job),
        artifactBranch(context),
      ],
      Assign: { described: expression('$states.result[2].Payload') },
      Next: 'Gates',
      Catch: caught,
    },
  };
}

function artifactBranch(context: MachineContext): Branch {
  const request = { model: context.model.name, artifact: expression('$trained.artifact') };
  const {
    Next: _end,
    Catch: _around,
    ...task
  } = invoke(context.functionArn('describe-artifact'), FUNCTIONS['describe-artifact'].timeoutSeconds, request, {
    Next: '',
    Catch: [],
  });
  return {
    StartAt: 'DescribeArtifact',
    States: { DescribeArtifact: { ...task, End: true } },
  };
}

/**
 * Scores the champion on the same rows. A batch job works with the role of its Model, and the one that serves has no right to the
 * test set; so the champion's package becomes a second Model, with the role of jobs, for as long as that takes.
 */
function championBranch(model: ModelConfig, job: JobContext): Branch {
  const describe = uncaught(
    'describeModel',
    { ModelName: expression('$snapshot.championModelName') },
    { champion: expression('$states.result.PrimaryContainer') },
    'CreateChampion',
  );
  const container = {
    ModelPackageName: expression('$champion.ModelPackageName'),
    // Its scores of the test set are no traffic and must not look like it in the metrics.
    Environment: expression("$merge([$champion.Environment, {'MODELWAY_EMIT': '0'}])"),
  };
  return {
    StartAt: 'Champion?',
    States: {
      'Champion?': {
        Type: 'Choice',
        Choices: [{ Condition: expression('$snapshot.championModelName != null'), Next: 'DescribeChampion' }],
        Default: 'ChampionDone',
      },
      DescribeChampion: describe,
      ...scoredModel(model, job, { who: 'champion', name: CHAMPION, container, next: 'ChampionDone' }),
      ChampionDone: { Type: 'Pass', End: true },
    },
  };
}
