/** Amazon States Language, JSONata only, as plain values: a machine is data that tests can read and the template carries. */

export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

export interface Retrier {
  readonly ErrorEquals: readonly string[];
  readonly IntervalSeconds: number;
  readonly MaxAttempts: number;
  readonly BackoffRate: number;
  readonly MaxDelaySeconds?: number;
  readonly JitterStrategy?: 'FULL' | 'NONE';
}

export interface Catcher {
  readonly ErrorEquals: readonly string[];
  readonly Assign?: Readonly<Record<string, Json>>;
  readonly Next: string;
}

interface Common {
  readonly Comment?: string;
  readonly Assign?: Readonly<Record<string, Json>>;
}
interface Leads {
  readonly Next: string;
}

export interface TaskState extends Common, Leads {
  readonly Type: 'Task';
  readonly Resource: string;
  readonly Arguments: Readonly<Record<string, Json>>;
  readonly TimeoutSeconds: number;
  readonly Retry: readonly Retrier[];
  readonly Catch: readonly Catcher[];
  readonly Output?: Json;
}
export interface PassState extends Common, Leads {
  readonly Type: 'Pass';
}
/** Waits for so many seconds, or until an instant. */
export type WaitState = Common &
  Leads & { readonly Type: 'Wait' } & ({ readonly Seconds: number } | { readonly Timestamp: string });
export interface ChoiceState extends Common {
  readonly Type: 'Choice';
  readonly Choices: readonly { readonly Condition: string; readonly Next: string }[];
  readonly Default: string;
}
/** Branches and items end with `End` states, which lead nowhere; what goes wrong in them may be caught around them. */
export type InnerState =
  | State
  | Omit<TaskState, 'Catch'>
  | (Omit<TaskState, 'Next' | 'Catch'> & { readonly End: true })
  | (Omit<PassState, 'Next'> & { readonly End: true });
export interface Branch {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, InnerState>>;
}
export interface ParallelState extends Common, Leads {
  readonly Type: 'Parallel';
  readonly Branches: readonly Branch[];
  readonly Catch: readonly Catcher[];
}
/** How items are run: inside this execution, or each in a child execution of its own, which sees nothing but its input. */
type ProcessorConfig =
  | { readonly Mode: 'INLINE' }
  | { readonly Mode: 'DISTRIBUTED'; readonly ExecutionType: 'STANDARD' };
export interface MapState extends Common, Leads {
  readonly Type: 'Map';
  /** Part of the names of the child executions of a distributed map. */
  readonly Label?: string;
  readonly Items: string;
  readonly ItemSelector?: Json;
  readonly MaxConcurrency: number;
  readonly ItemProcessor: Branch & { readonly ProcessorConfig: ProcessorConfig };
  readonly Catch: readonly Catcher[];
}
export interface SucceedState {
  readonly Type: 'Succeed';
  readonly Output: Json;
}
export interface FailState {
  readonly Type: 'Fail';
  readonly Error: string;
  readonly Cause: string;
}
export type State =
  | TaskState
  | PassState
  | WaitState
  | ChoiceState
  | ParallelState
  | MapState
  | SucceedState
  | FailState;

/** A whole definition, ready to be written as JSON. */
export interface Definition {
  readonly Comment: string;
  readonly QueryLanguage: 'JSONata';
  readonly StartAt: string;
  readonly TimeoutSeconds: number;
  readonly States: Readonly<Record<string, State>>;
}

/** A JSONata expression as a field of a state. */
export const expression = (text: string): string => `{% ${text} %}`;

/** The empty text as a value of a variable; a bare `''` is refused by ASL's own schema. */
export const EMPTY = expression("''");
