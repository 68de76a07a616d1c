/** How long things take and how much is started: the one table of the SageMaker emulator. */
export interface SageMakerSettings {
  /** Virtual seconds of each step of a job, whatever the real work takes. */
  readonly jobStart: number;
  readonly download: number;
  readonly training: number;
  readonly upload: number;
  readonly transform: number;
  readonly processing: number;
  /** Virtual seconds until a new fleet can serve, or an endpoint that cannot start has failed. */
  readonly provision: number;
  readonly deletion: number;
  /** Virtual seconds between the first captured request of a file and the file. */
  readonly captureDelay: number;
  /** Virtual seconds that few lines of a serving container may wait for more before they are written to its log group. */
  readonly logDelay: number;
  /** Virtual seconds between two looks at the alarms of a deployment. */
  readonly alarmPoll: number;
  /** Share of a spot job's time that is billed. */
  readonly spotBilledShare: number;
  /** Real seconds a training script may compute before it counts as past its MaxRuntimeInSeconds. */
  readonly busyScript: number;
  /** Real seconds between SIGTERM and SIGKILL of a stopped job. */
  readonly stopGrace: number;
  /** Real seconds a serving container may take to listen. */
  readonly containerStart: number;
  /** Real seconds for an answer to a ping, to a request, and to a batch request. */
  readonly ping: number;
  readonly invocation: number;
  readonly batchInvocation: number;
  /** How often a container is started before its endpoint fails. */
  readonly startAttempts: number;
  /** Processes a variant gets at most; instance counts beyond are kept as numbers. */
  readonly processesPerVariant: number;
}

export const DEFAULT_SETTINGS: SageMakerSettings = {
  jobStart: 60,
  download: 30,
  training: 600,
  upload: 15,
  transform: 300,
  processing: 300,
  provision: 240,
  deletion: 30,
  captureDelay: 90,
  logDelay: 259_200,
  alarmPoll: 30,
  spotBilledShare: 0.3,
  busyScript: 120,
  stopGrace: 10,
  containerStart: 60,
  ping: 2,
  invocation: 60,
  batchInvocation: 600,
  startAttempts: 3,
  processesPerVariant: 2,
};

/** SageMaker's own limits. */
export const PAYLOAD_LIMIT_BYTES = 6 * 2 ** 20;
