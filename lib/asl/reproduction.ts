import { begin, caught, invokeFunction, type MachineContext, machine, type RunbookAnchor, record } from './machine.ts';
import { predictionStates } from './reproduction-scores.ts';
import { type Definition, expression, type Json, type State } from './states.ts';
import { retry } from './tasks.ts';
import { type JobContext, sameInstance, trainedJob, trainingJob, trainingTimeoutSeconds } from './training-job.ts';
import { TRANSFORM_TIMEOUT_SECONDS } from './transform-job.ts';

const RUNBOOK: RunbookAnchor = 'reproduction-verdict';

/**
 * Proves that a run can be run again: verifies that everything it was made from is as it was, trains by the same recipe, and compares
 * the two models byte for byte, and where they differ, by what they predict. It registers nothing and touches nothing that serves; its
 * role could not. Input: `ReproductionInput`.
 */
export function reproductionMachine(context: MachineContext, job: JobContext): Definition {
  const { model } = context;
  const timeout = trainingTimeoutSeconds(model.training) + TRANSFORM_TIMEOUT_SECONDS + 2 * 3600;
  return machine(context, 'reproduction', `Rebuilds a run of ${model.name} and compares the models`, timeout, {
    Begin: begin(context, 'VerifyInputs', {
      // Without a run, the next step says what is missing, where its failure is recorded.
      run: expression("$exists($states.input.reproduce) ? $states.input.reproduce : ''"),
      // What the arguments of a training job count tries by; here there is one instance type, the one of the run.
      attempt: 0,
      trained: null,
    }),
    VerifyInputs: invokeFunction(
      context,
      'verify-inputs',
      { model: model.name, execution: expression('$execution'), run: expression('$run') },
      {
        Assign: {
          recipe: expression('$states.result.Payload.recipe'),
          codeUri: expression('$states.result.Payload.codeUri'),
          snapshot: expression('$states.result.Payload.snapshot'),
          verdict: expression('$states.result.Payload.verdict'),
        },
        Next: 'InputsUnchanged?',
        Catch: caught,
      },
    ),
    'InputsUnchanged?': {
      Type: 'Choice',
      Choices: [{ Condition: expression('$verdict = null'), Next: 'TrainAgain' }],
      Default: 'RecordVerdict',
    },
    ...trainAgain(context, job),
    ...predictionStates(context, job),
    RecordVerdict: recordVerdict(context),
    Done: { Type: 'Succeed', Output: expression("$merge([$verdict, {'run': $run}])") },
  });
}

function trainAgain(context: MachineContext, job: JobContext): Readonly<Record<string, State>> {
  const { model } = context;
  const first = trainingJob(model, job);
  return {
    TrainAgain: {
      Type: 'Task',
      Resource: 'arn:aws:states:::sagemaker:createTrainingJob.sync',
      Arguments: {
        ...first,
        AlgorithmSpecification: { TrainingImage: expression('$recipe.imageUri'), TrainingInputMode: 'File' },
        HyperParameters: expression('$recipe.hyperparameters'),
        ResourceConfig: sameInstance(job.keyArn),
      },
      TimeoutSeconds: trainingTimeoutSeconds(model.training),
      Retry: [retry('sagemaker')],
      Assign: { trained: trainedJob },
      Next: 'Compare',
      Catch: caught,
    },
    Compare: invokeFunction(
      context,
      'compare-runs',
      {
        model: model.name,
        run: expression('$run'),
        artifact: expression('$trained.artifact'),
        recipe: expression('$trained.recipe'),
      },
      {
        Assign: {
          compared: expression('$states.result.Payload'),
          verdict: expression('$states.result.Payload.verdict'),
        },
        Next: 'SameFiles?',
        Catch: caught,
      },
    ),
  };
}

function recordVerdict(context: MachineContext): State {
  const { name } = context.model;
  const announce: Readonly<Record<string, Json>> = {
    subject: expression(`'${name}: model ' & $replace($verdict.outcome, '-', ' ')`),
    message: expression("'run ' & $run & ' ' & $verdict.summary"),
    runbook: RUNBOOK,
  };
  const detail = expression(
    "$merge([$verdict, {'run': $run}, $trained = null ? {} : {'trainingJob': $trained.job, 'artifact': $trained.artifact, 'billableSeconds': $trained.billableSeconds}])",
  );
  return record(
    context,
    { kind: 'reproduction', id: expression('$execution'), parents: [expression("'run#' & $run")], detail, announce },
    { Next: 'Done', Catch: caught },
  );
}
