/** Where and why the rehearsal stopped: enough to find the cause without reading anything else. */
export interface StoryFailure {
  /** The stage of the story, such as `train the first model`. */
  readonly station: string;
  readonly message: string;
  /** The log to read next. */
  readonly log: string;
}

/** A step did not end as the story says. */
export class StoryError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StoryError';
  }
}

/** The last lines a failed rehearsal prints. */
export function describeFailure(failure: StoryFailure): string {
  return [`rehearsal failed at station: ${failure.station}`, `  ${failure.message}`, `  log: ${failure.log}`].join(
    '\n',
  );
}
