import { FUNCTIONS, type FunctionName } from '../../contracts/functions.ts';
import { METRIC_DIMENSION, METRIC_NAMESPACE, type MetricName } from '../../contracts/metrics.ts';
import type { ModelConfig } from '../../contracts/model-config.ts';
import type { MachineKind } from '../../contracts/names.ts';
import type { RecordKind } from '../../contracts/records.ts';
import { type Catcher, type Definition, expression, type Json, type PassState, type State } from './states.ts';
import { call, invoke, type Placement } from './tasks.ts';

/** What every machine of a model knows; strings may hold CloudFormation references. */
export interface MachineContext {
  readonly model: ModelConfig;
  readonly functionArn: (name: FunctionName) => string;
}

/** An article of the runbook, by its anchor. */
export type RunbookAnchor =
  | 'upload-quarantined'
  | 'candidate-refused'
  | 'reproduction-verdict'
  | 'deployment-rolled-back'
  | 'deployment-stuck'
  | 'retraining-decided'
  | 'alarm-concept-drift'
  | `${MachineKind}-failed`;

/** One fact for the `record` function; texts may be JSONata expressions. */
export interface Fact {
  readonly kind: RecordKind;
  readonly id: string;
  readonly parents: Json;
  /** Records that functions wrote themselves, to be chained as well. Left out: none. */
  readonly vouchFor?: Json;
  readonly detail: Json;
  /** Null, an announcement, or an expression that gives either. */
  readonly announce: Json;
  /** Or an expression that gives it. Left out: false. */
  readonly failed?: boolean | string;
}

const FAILURE_METRIC: MetricName = 'PipelineFailures';

/** Every way out of the normal path goes to `RecordFailure`, with the error and the state it left. */
export const caught: readonly Catcher[] = [
  {
    ErrorEquals: ['States.ALL'],
    Assign: { reason: expression('$states.errorOutput'), failedIn: expression('$states.context.State.Name') },
    Next: 'RecordFailure',
  },
];

/** The caught error's cause as text; some errors come without one. */
const CAUSE = "$exists($reason.Cause) ? $string($reason.Cause) : 'no cause given'";

/** Invokes a platform function with the time limit of the function table. */
export function invokeFunction(
  context: MachineContext,
  name: FunctionName,
  payload: Readonly<Record<string, Json>>,
  placement: Placement,
): State {
  return invoke(context.functionArn(name), FUNCTIONS[name].timeoutSeconds, payload, placement);
}

/** Writes one fact to lineage and audit, and announces it when it says so. */
export function record(context: MachineContext, fact: Fact, placement: Placement): State {
  const payload = { model: context.model.name, failed: false, ...fact };
  return invokeFunction(context, 'record', payload, placement);
}

/** An announcement on the alert topic, as `record` wants it. */
export const announcement = (subject: string, message: string, runbook: RunbookAnchor) => ({
  subject,
  message,
  runbook,
});

/**
 * The first state: puts the model's config and the execution's name in variables.
 * The config is a literal of the definition, so that no machine looks it up and a running execution keeps the one it began with.
 */
export function begin(context: MachineContext, next: string, assign: Readonly<Record<string, Json>> = {}): PassState {
  return {
    Type: 'Pass',
    Assign: {
      model: configLiteral(context.model),
      execution: expression('$states.context.Execution.Name'),
      ...assign,
    },
    Next: next,
  };
}

/** A whole machine: its states, and the path that every failure takes. */
export function machine(
  context: MachineContext,
  kind: MachineKind,
  comment: string,
  timeoutSeconds: number,
  states: Readonly<Record<string, State>>,
): Definition {
  return {
    Comment: comment,
    QueryLanguage: 'JSONata',
    StartAt: 'Begin',
    TimeoutSeconds: timeoutSeconds,
    States: { ...states, ...failurePath(context, kind) },
  };
}

/**
 * Recorded, announced, counted, then failed. When `record` itself fails, the metric is put directly, so that the alarm
 * `monitor-late` still goes off.
 */
function failurePath(context: MachineContext, kind: MachineKind): Readonly<Record<string, State>> {
  const model = context.model.name;
  const fact: Fact = {
    kind: 'failure',
    // An execution that is redriven may fail again, for another reason.
    id: expression(
      `'${kind}-' & $execution & ($states.context.Execution.RedriveCount > 0 ? '-' & $string($states.context.Execution.RedriveCount) : '')`,
    ),
    parents: [],
    detail: {
      machine: kind,
      execution: expression('$states.context.Execution.Id'),
      state: expression('$failedIn'),
      error: expression('$reason.Error'),
      cause: expression(`$substring(${CAUSE}, 0, 4000)`),
    },
    announce: announcement(
      `${model}: ${kind} failed`,
      expression(
        `'state ' & $failedIn & ' of ' & $states.context.Execution.Id & ' failed: ' & $reason.Error & ': ' & $substring(${CAUSE}, 0, 1000)`,
      ),
      `${kind}-failed`,
    ),
    failed: true,
  };
  const count = {
    Namespace: METRIC_NAMESPACE,
    MetricData: [
      { MetricName: FAILURE_METRIC, Dimensions: [{ Name: METRIC_DIMENSION, Value: model }], Value: 1, Unit: 'Count' },
    ],
  };
  return {
    RecordFailure: record(context, fact, {
      Next: 'Failed',
      Catch: [{ ErrorEquals: ['States.ALL'], Next: 'CountFailure' }],
    }),
    CountFailure: call('cloudwatch', 'putMetricData', count, {
      Next: 'Failed',
      Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Failed' }],
    }),
    Failed: { Type: 'Fail', Error: expression('$reason.Error'), Cause: expression(CAUSE) },
  };
}

/** The config as JSON values: what is undefined is left out, as in JSON. */
function configLiteral(model: ModelConfig): Json {
  const literal: Json = JSON.parse(JSON.stringify(model));
  return literal;
}
