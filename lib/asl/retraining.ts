import { RETRAINING_WAIT_DAYS } from '../../contracts/retraining-config.ts';
import { begin, caught, invokeFunction, type MachineContext, machine, type RunbookAnchor, record } from './machine.ts';
import { type Definition, expression } from './states.ts';
import { startExecution } from './tasks.ts';

/** The rule on alarms names the alarm; what follows its prefix is the trigger. Everybody else says the trigger. */
const REQUEST = `$exists($states.input.alarm)
  ? {'trigger': $substringAfter($states.input.alarm, $states.input.prefix), 'cause': $states.input.cause}
  : $states.input`.replace(/\s+/g, ' ');

/** Longer than the policy may wait, so that no wait ends as a failure. */
const TIMEOUT_SECONDS = (RETRAINING_WAIT_DAYS + 5) * 24 * 3600;

/**
 * Decides whether to train now, records and announces why, and starts the training machine if so. What only has to wait (a cooldown,
 * blackout hours, the month's budget) is asked again when that ends, by the same execution. Input: `RetrainingInput`, or an alarm.
 */
export function retrainingMachine(context: MachineContext, trainingMachineArn: string, code: string): Definition {
  const order = expression(
    `$merge([
      {'trigger': $decision.trigger, 'reason': $decision.reason, 'datasetVersions': $decision.datasetVersions},
      $decision.codeUri = null ? {} : {'codeUri': $decision.codeUri}
    ])`.replace(/\s+/g, ' '),
  );
  const { name } = context.model;
  return machine(context, 'retraining', `Decides whether to train ${name}`, TIMEOUT_SECONDS, {
    Begin: begin(context, 'Decide', { request: expression(REQUEST), asked: 0 }),
    Decide: invokeFunction(
      context,
      'decide-retraining',
      {
        model: expression('$model'),
        execution: expression('$execution'),
        request: expression('$request'),
        askedAt: expression('$states.context.Execution.StartTime'),
        deployedCode: code,
      },
      { Assign: { decision: expression('$states.result.Payload') }, Next: 'RecordDecision', Catch: caught },
    ),
    RecordDecision: record(
      context,
      {
        kind: 'decision',
        // The run is found by the name of the decision that started it; waits before that have names of their own.
        id: expression("$decision.askAgainAt = null ? $execution : $execution & '-wait-' & $string($asked)"),
        parents: expression("[$decision.datasetVersions.('dataset#' & $), $decision.windows.('window#' & $)]"),
        detail: {
          execution: expression('$execution'),
          request: expression('$request'),
          decision: expression('$decision'),
        },
        announce: expression(announcementOf(name)),
      },
      { Next: 'Train?', Catch: caught },
    ),
    'Train?': {
      Type: 'Choice',
      Choices: [
        { Condition: expression("$decision.decision = 'retrain'"), Next: 'StartTraining' },
        { Condition: expression('$decision.askAgainAt != null'), Next: 'WaitToAsk' },
      ],
      Default: 'Done',
    },
    WaitToAsk: {
      Type: 'Wait',
      Timestamp: expression('$decision.askAgainAt'),
      Assign: { asked: expression('$asked + 1') },
      Next: 'Decide',
    },
    StartTraining: startExecution(trainingMachineArn, expression('$execution'), order, { Next: 'Done', Catch: caught }),
    Done: { Type: 'Succeed', Output: expression('$decision') },
  });
}

/** The decision and its reason; a request for a person's review links to its own article. */
function announcementOf(model: string): string {
  const [decided, review]: readonly RunbookAnchor[] = ['retraining-decided', 'alarm-concept-drift'];
  return `{
    'subject': '${model}: ' & ($decision.decision = 'retrain' ? 'training' : 'no training yet'),
    'message': $decision.reason & ($decision.review = null ? '' : '. Besides, ' & $decision.review),
    'runbook': $decision.review = null ? '${decided}' : '${review}'
  }`.replace(/\s+/g, ' ');
}
