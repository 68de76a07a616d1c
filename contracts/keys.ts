/** Every S3 key that two rooms share. The lake holds data and results, the audit bucket holds hash-chained records. */

export const INBOX_PREFIX = 'inbox/';

/** Where a model's uploads land: `inbox/<model>/…`. */
export const inboxPrefix = (model: string) => `${INBOX_PREFIX}${model}/`;

/** The model an inbox key belongs to, or undefined when the key is not `inbox/<model>/<name>`. */
export function modelOfInboxKey(key: string): string | undefined {
  const match = /^inbox\/([^/]+)\/.+$/.exec(key);
  return match?.[1];
}

/** Folders of the lake below which roles are scoped, one per model. */
export const lakePrefix = {
  datasets: (model: string) => `datasets/${model}/`,
  quarantine: (model: string) => `quarantine/${model}/`,
  intakeReports: (model: string) => `reports/${model}/intake/`,
  snapshots: (model: string) => `snapshots/${model}/`,
  code: (model: string) => `code/${model}/`,
  training: (model: string) => `training/${model}/`,
  scores: (model: string) => `scores/${model}/`,
  runs: (model: string) => `runs/${model}/`,
  capture: (model: string) => `capture/${model}/`,
  monitoring: (model: string) => `monitoring/${model}/`,
} as const;

export const datasetPartKey = (model: string, version: string, part: number) =>
  `${lakePrefix.datasets(model)}${version}/part-${String(part).padStart(5, '0')}.parquet`;
export const quarantineKey = (model: string, intakeId: string) => `${lakePrefix.quarantine(model)}${intakeId}.jsonl`;
export const intakeReportKey = (model: string, intakeId: string, form: 'json' | 'html') =>
  `${lakePrefix.intakeReports(model)}${intakeId}.${form}`;

/** Channels of a training job and the frozen test set, below one snapshot. */
export const snapshotKeys = (model: string, snapshot: string) => {
  const base = `${lakePrefix.snapshots(model)}${snapshot}/`;
  return {
    train: `${base}train/part-00000.parquet`,
    validation: `${base}validation/part-00000.parquet`,
    /**
     * One JSON instance a line, as the serving container reads `application/jsonlines`: the test rows, followed by the model's golden
     * rows (`gates.goldenRows`), in order. `testLabels` has lines for the test rows only.
     */
    testFeatures: `${base}test/features.jsonl`,
    /** One JSON value (0 or 1) a line, in the order of `testFeatures`. */
    testLabels: `${base}test-labels/labels.jsonl`,
    /** What the training script needs of the model's config: `TrainingConfigSchema`. */
    config: `${base}config/model.json`,
    manifest: `${base}snapshot.json`,
    /** Profile of the training inputs, before any prediction. */
    baseline: `${base}baseline.json`,
  } as const;
};

/** Batch transform writes `<input name>.out` below the output path. */
export const scoresKey = (model: string, run: string, who: 'candidate' | 'champion') =>
  `${lakePrefix.scores(model)}${run}/${who}/features.jsonl.out`;

export const runKeys = (model: string, run: string) => ({
  gates: `${lakePrefix.runs(model)}${run}/gates.json`,
  modelCard: `${lakePrefix.runs(model)}${run}/model-card.html`,
  /** The monitoring baseline: input profile of the snapshot plus the candidate's predictions on the test set. */
  baseline: `${lakePrefix.runs(model)}${run}/baseline.json`,
});

/** Reports of one monitored window; `windowEnd` is an ISO instant. */
export const windowReportKey = (model: string, windowEnd: string, form: 'json' | 'html') =>
  `${lakePrefix.monitoring(model)}${windowEnd.replaceAll(':', '-')}/report.${form}`;

/** Folder of one UTC hour of captured requests: SageMaker appends endpoint, variant and hour to the configured prefix. */
export function captureHourPrefix(model: string, endpoint: string, variant: string, hour: Date): string {
  const iso = hour.toISOString();
  const [day, time] = [iso.slice(0, 10).replaceAll('-', '/'), iso.slice(11, 13)];
  return `${lakePrefix.capture(model)}${endpoint}/${variant}/${day}/${time}/`;
}

/** Audit records of one model, in the audit bucket, one hash chain per model. */
export const auditKey = (model: string, sequence: number) =>
  `audit/${model}/${String(sequence).padStart(10, '0')}.json`;
