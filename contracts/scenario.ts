import type { PlatformConfig } from './model-config.ts';
import type { Instance, PredictionResponse } from './serving.ts';

/**
 * What a rehearsal plays for one model: real data, and the acts of the people and callers around it. Everything that happens in
 * answer (intake, training, gates, canary, alarms, retraining) comes from the deployed templates.
 */
export interface Scenario {
  readonly model: string;
  /** Virtual time at which the rehearsal begins, ISO instant. */
  readonly startsAt: string;
  /** Plays the story; throws when the platform did not behave as the step says. */
  readonly play: (stage: Stage) => Promise<void>;
}

/** What a step of the story may do. All times are virtual. */
export interface Stage {
  readonly platform: PlatformConfig;
  readonly folder: string;
  now(): Date;
  /** Names the stage that begins: shown as progress, timed, and named in a failure. */
  stage<T>(name: string, act: () => Promise<T>): Promise<T>;
  /** Lets virtual time pass until `until`, playing everything that falls due. */
  advanceTo(until: Date): Promise<void>;
  /** Uploads a local file to the model's inbox, as a user would; returns its version id. */
  upload(path: string, name: string): Promise<string>;
  /** Sends one request to the live endpoint with an inference id; a failed answer is a value. */
  predict(instances: readonly Instance[], inferenceId: string): Promise<Answer>;
  /** Waits (in virtual time) until the newest execution of a machine that started after `since` ends. */
  finished(machine: string, since: Date, limitSeconds: number): Promise<ExecutionResult>;
  /** Starts the model's retraining machine by hand, as `modelway retrain` does. */
  retrain(input: { cause: string; datasetVersions?: readonly string[]; sourceFolder?: string }): Promise<void>;
  /** Starts the model's reproduction machine for the run that made what serves now, as `modelway reproduce live` does. */
  reproduceLive(): Promise<void>;
  /** Dataset versions registered so far, oldest first, with the upload they came from. */
  datasetVersions(): Promise<readonly { version: string; rows: number; source: string }[]>;
  /** State of the model's alarms by kind. */
  alarmStates(): Promise<Readonly<Record<string, string>>>;
  /** The newest report of intake or of a monitored window, parsed; undefined when there is none. */
  newestReport(kind: 'intake' | 'window'): Promise<unknown>;
  /** Package ARN that serves now. */
  live(): Promise<string | undefined>;
  /** Fails the rehearsal with `message` unless `condition` holds. */
  expect(condition: boolean, message: string): void;
  /** Adds a line to the timeline. */
  note(what: string, who: string, ref?: string): void;
  /** Adds a figure to the result (printed and in the report). */
  figure(name: string, value: number | string): void;
}

export type Answer =
  | { readonly kind: 'answered'; readonly response: PredictionResponse; readonly milliseconds: number }
  | { readonly kind: 'failed'; readonly status: number; readonly message: string };

export interface ExecutionResult {
  readonly name: string;
  readonly status: 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';
  readonly output: unknown;
  readonly error?: string;
  readonly cause?: string;
}
