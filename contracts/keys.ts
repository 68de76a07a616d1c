/** Every S3 key that two rooms share. The lake holds data and results, the audit bucket holds hash-chained records. */

export const INBOX_PREFIX = 'inbox/';

/** Below it lies what one step leaves for the next; it expires. */
export const SCRATCH_PREFIX = 'scratch/';

/** Where a model's uploads land: `inbox/<model>/…`. */
export const inboxPrefix = (model: string) => `${INBOX_PREFIX}${model}/`;

/** Where labels of predictions land; the folder takes nothing else, and labels land nowhere else. */
export const labelsInboxPrefix = (model: string) => `${inboxPrefix(model)}labels/`;

/** The model an inbox key belongs to, or undefined when the key is not `inbox/<model>/<name>`. */
export function modelOfInboxKey(key: string): string | undefined {
  const match = /^inbox\/([^/]+)\/.+$/.exec(key);
  return match?.[1];
}

/** Whether an inbox key of a model is a file of labels: `inbox/<model>/labels/…`. */
export const isLabelsKey = (model: string, key: string) => key.startsWith(labelsInboxPrefix(model));

/** Folders of the lake below which roles are scoped, one per model. */
export const lakePrefix = {
  datasets: (model: string) => `datasets/${model}/`,
  intakes: (model: string) => `intake/${model}/`,
  quarantine: (model: string) => `quarantine/${model}/`,
  /** What one step of an intake leaves for the next; it expires. */
  scratch: (model: string) => `${SCRATCH_PREFIX}${model}/`,
  intakeReports: (model: string) => `reports/${model}/intake/`,
  snapshots: (model: string) => `snapshots/${model}/`,
  code: (model: string) => `code/${model}/`,
  training: (model: string) => `training/${model}/`,
  scores: (model: string) => `scores/${model}/`,
  runs: (model: string) => `runs/${model}/`,
  capture: (model: string) => `capture/${model}/`,
  monitoring: (model: string) => `monitoring/${model}/`,
  labelReports: (model: string) => `reports/${model}/labels/`,
  reconciliation: (model: string) => `reconciliation/${model}/`,
} as const;

/**
 * Files of a dataset version are named by their content too: the same rows may come as other bytes, from a file that repeats some of them,
 * and who writes second must not change what the record of the first one names.
 */
export const datasetKeys = (model: string, version: string) => {
  const folder = `${lakePrefix.datasets(model)}${version}/`;
  return {
    part: (part: number, sha256: string) => `${folder}part-${padded(part)}-${sha256.slice(0, 16)}.parquet`,
    /** A `Baseline` of the accepted rows, gzipped JSON. */
    profile: (sha256: string) => `${folder}profile-${sha256.slice(0, 16)}.json.gz`,
    /** All sources, where they are too many for the record; gzipped JSON. */
    sources: (sha256: string) => `${folder}sources-${sha256.slice(0, 16)}.json.gz`,
  } as const;
};
/** What an intake decided before it read a byte: `FrozenIntake`, gzipped JSON. */
export const frozenIntakeKey = (model: string, intakeId: string) => `${lakePrefix.intakes(model)}${intakeId}.json.gz`;
/** What the steps of a large intake leave for each other. */
export const scratchKeys = (model: string, intakeId: string) => {
  const folder = `${lakePrefix.scratch(model)}${intakeId}/`;
  const shard = (index: number) => `${folder}shards/${padded(index)}/`;
  return {
    /** How the upload is cut: `LineShards`, gzipped JSON. */
    shards: `${folder}shards.json.gz`,
    /** What a shard found (`ShardOutcome`, gzipped JSON), its accepted rows, its quarantine file and its Parquet parts. */
    outcome: (index: number) => `${shard(index)}outcome.json.gz`,
    rows: (index: number) => `${shard(index)}rows.spool`,
    quarantine: (index: number) => `${shard(index)}quarantine.jsonl`,
    part: (index: number, part: number) => `${shard(index)}part-${padded(part)}.parquet`,
    /** Folders of a processing job: its request, the frozen files it reads, what it leaves. */
    jobRequest: `${folder}job/request/`,
    jobUpload: `${folder}job/upload/`,
    jobOutput: `${folder}job/output/`,
  } as const;
};
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

/** A source bundle as runs train from it, named by its content. */
export const codeKey = (model: string, sha256: string) => `${lakePrefix.code(model)}${sha256}.tar.gz`;

/** Whose scores they are: of a training run, or of a reproduction. */
export type Scored = 'candidate' | 'champion' | 'original' | 'rebuilt';

/** Batch transform writes `<input name>.out` below the output path. */
export const scoresKey = (model: string, run: string, who: Scored) =>
  `${lakePrefix.scores(model)}${run}/${who}/features.jsonl.out`;

export const runKeys = (model: string, run: string) => ({
  gates: `${lakePrefix.runs(model)}${run}/gates.json`,
  modelCard: `${lakePrefix.runs(model)}${run}/model-card.html`,
  /** The monitoring baseline: input profile of the snapshot plus the candidate's predictions on the test set. */
  baseline: `${lakePrefix.runs(model)}${run}/baseline.json`,
  /** What the quality of later windows is held against (`QualitySetup`), gzipped JSON; absent when the test set is too small. */
  quality: `${lakePrefix.runs(model)}${run}/quality.json.gz`,
});

/** Folder of one monitored window; `windowEnd` is an ISO instant. */
const windowFolder = (model: string, windowEnd: string) =>
  `${lakePrefix.monitoring(model)}${windowEnd.replaceAll(':', '-')}/`;

/** Reports of one monitored window; `windowEnd` is an ISO instant. */
export const windowReportKey = (model: string, windowEnd: string, form: 'json' | 'html') =>
  `${windowFolder(model, windowEnd)}report.${form}`;

/** What else is kept of a monitored window, beside its reports. */
export const windowKeys = (model: string, windowEnd: string) => {
  const folder = windowFolder(model, windowEnd);
  return {
    /** Quality counts of every day of the window, gzipped JSON. */
    quality: `${folder}quality.json.gz`,
    /** Which inference ids were answered in the window: sorted 64-bit hashes, little-endian. */
    ids: `${folder}ids.bin`,
    /** Labels of the window's predictions, one object per upload, named by its content. */
    labels: `${folder}labels/`,
    /** A window too large for one invocation: the plan, the files and the counts of each shard, gzipped JSON. */
    plan: (plan: string) => `${folder}shards/${plan}/plan.json.gz`,
    shardFiles: (plan: string, shard: number) => `${folder}shards/${plan}/${padded(shard)}-files.json.gz`,
    shardCounts: (plan: string, shard: number) => `${folder}shards/${plan}/${padded(shard)}-counts.json.gz`,
  } as const;
};

/** What was counted over of the windows that began on one UTC day, `YYYY-MM-DD`. */
export const reconciledDayKey = (model: string, day: string) => `${lakePrefix.reconciliation(model)}${day}.json`;

/** Reports of label uploads, named by the execution that read them. */
export const labelReportKey = (model: string, execution: string) =>
  `${lakePrefix.labelReports(model)}${execution}.json`;

const padded = (index: number) => String(index).padStart(5, '0');

/** Folder of one UTC hour of captured requests: SageMaker appends endpoint, variant and hour to the configured prefix. */
export function captureHourPrefix(model: string, endpoint: string, variant: string, hour: Date): string {
  const iso = hour.toISOString();
  const [day, time] = [iso.slice(0, 10).replaceAll('-', '/'), iso.slice(11, 13)];
  return `${captureVariantPrefix(model, endpoint, variant)}${day}/${time}/`;
}

/** Folder of everything captured of a variant; below it, keys sort by hour. */
export const captureVariantPrefix = (model: string, endpoint: string, variant: string): string =>
  `${lakePrefix.capture(model)}${endpoint}/${variant}/`;

/** Audit records of one model, in the audit bucket, one hash chain per model; keys sort by their number. */
export const auditPrefix = (model: string) => `audit/${model}/`;
export const auditKey = (model: string, sequence: number) =>
  `${auditPrefix(model)}${String(sequence).padStart(10, '0')}.json`;
