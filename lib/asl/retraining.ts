import { begin, caught, invokeFunction, type MachineContext, machine, record } from './machine.ts';
import { type Definition, expression } from './states.ts';
import { startExecution } from './tasks.ts';

/** Decides whether to train now, records why, and starts the training machine if so. Input: `RetrainingInput`. */
export function retrainingMachine(context: MachineContext, trainingMachineArn: string): Definition {
  const order = expression(
    `$merge([
      {'trigger': $decision.trigger, 'reason': $decision.reason, 'datasetVersions': $decision.datasetVersions},
      $decision.codeUri = null ? {} : {'codeUri': $decision.codeUri}
    ])`.replace(/\s+/g, ' '),
  );
  return machine(context, 'retraining', `Decides whether to train ${context.model.name}`, 900, {
    Begin: begin(context, 'Decide', { request: expression('$states.input') }),
    Decide: invokeFunction(
      context,
      'decide-retraining',
      { model: expression('$model'), execution: expression('$execution'), request: expression('$request') },
      { Assign: { decision: expression('$states.result.Payload') }, Next: 'RecordDecision', Catch: caught },
    ),
    RecordDecision: record(
      context,
      {
        kind: 'decision',
        id: expression('$execution'),
        parents: expression("[$decision.datasetVersions.('dataset#' & $)]"),
        detail: { request: expression('$request'), decision: expression('$decision') },
        announce: null,
      },
      { Next: 'Train?', Catch: caught },
    ),
    'Train?': {
      Type: 'Choice',
      Choices: [{ Condition: expression("$decision.decision = 'retrain'"), Next: 'StartTraining' }],
      Default: 'Done',
    },
    StartTraining: startExecution(trainingMachineArn, expression('$execution'), order, { Next: 'Done', Catch: caught }),
    Done: { Type: 'Succeed', Output: expression('$decision') },
  });
}
