import { SMOKE_TEST_PREFIX } from '../../contracts/capture.ts';
import type { ModelConfig } from '../../contracts/model-config.ts';
import { PREDICTION, type Profile } from '../../contracts/profile.ts';
import type { Instance } from '../../contracts/serving.ts';
import type { CaptureCounts, Window, WindowCounts } from '../../contracts/window.ts';
import { type CapturedRequest, decodeRecord } from '../../core/capture/decode-record.ts';
import { linesOf } from '../../core/capture/lines.ts';
import { idCollector } from '../../core/monitoring/id-index.ts';
import { KEPT_BAD_RECORDS } from '../../core/monitoring/merge-counts.ts';
import { mergeProfiles } from '../../core/profile/merge.ts';
import { profileNumbers } from '../../core/profile/numeric.ts';
import { profileRows } from '../../core/profile/profile-rows.ts';
import type { Lake } from '../aws/lake.ts';
import { readAhead } from '../aws/read-ahead.ts';
import type { QualityTally } from './quality-tally.ts';

/** Rows held before they are profiled and let go, so that memory does not grow with the window. */
const BATCH_ROWS = 20_000;

interface Batch {
  readonly rows: Instance[];
  readonly scores: number[];
}

/** What capture files are counted against. */
export interface CaptureSetup {
  readonly model: ModelConfig;
  readonly window: Window;
  /** Profile whose bins are counted over. */
  readonly baseline: Profile;
  /** The model whose scores count. */
  readonly packageArn: string;
  /** Counts what quality is judged by, and joins labels. */
  readonly quality: QualityTally;
}

/** Reads capture files as streams and counts the rows of the window: inputs, and the scores that `packageArn` gave. */
export async function profileCapture(keys: readonly string[], setup: CaptureSetup, lake: Lake): Promise<WindowCounts> {
  const { model, window, baseline, packageArn, quality } = setup;
  const columns = model.data.columns.map(({ name }) => name).filter((name) => name !== model.data.target);
  const [from, to] = [Date.parse(window.from), Date.parse(window.to)];
  const counts = noCounts(keys.length);
  const badRecords: WindowCounts['badRecords'] = [];
  const ids = idCollector();
  let batch: Batch = { rows: [], scores: [] };
  let profile = profileBatch(baseline, model, batch);
  for await (const { content } of readAhead(keys, lake))
    for await (const line of linesOf(content)) {
      const decoded = decodeRecord(line, columns);
      if (decoded.kind === 'bad') {
        counts.bad += 1;
        if (badRecords.length < KEPT_BAD_RECORDS) badRecords.push({ reason: decoded.reason, line: decoded.line });
        continue;
      }
      const at = Date.parse(decoded.at);
      if (at < from || at >= to) continue;
      if (decoded.inferenceId?.startsWith(SMOKE_TEST_PREFIX) === true) {
        counts.smokeTests += 1;
        continue;
      }
      if (decoded.inferenceId !== undefined) ids.add(decoded.inferenceId);
      count(counts, decoded, packageArn);
      take(batch, decoded, packageArn);
      quality.add(decoded, at, (answered) => isBy(packageArn, answered));
      if (batch.rows.length < BATCH_ROWS) continue;
      profile = mergeProfiles(profile, profileBatch(baseline, model, batch));
      batch = { rows: [], scores: [] };
    }
  profile = mergeProfiles(profile, profileBatch(baseline, model, batch));
  return { captured: counts, badRecords, profile, ids: ids.index(), ...quality.counted() };
}

const noCounts = (files: number): CaptureCounts => ({
  files,
  requests: 0,
  rows: 0,
  explained: 0,
  otherModel: 0,
  smokeTests: 0,
  bad: 0,
  partial: 0,
});

function count(counts: CaptureCounts, { rows, problems }: CapturedRequest, packageArn: string): void {
  counts.requests += 1;
  counts.rows += rows.length;
  counts.partial += problems.length > 0 ? 1 : 0;
  for (const { prediction } of rows) {
    if (prediction?.shap) counts.explained += 1;
    if (prediction !== null && !isBy(packageArn, prediction.modelPackage)) counts.otherModel += 1;
  }
}

function take(batch: Batch, { rows }: CapturedRequest, packageArn: string): void {
  for (const { instance, prediction } of rows) {
    if (instance !== null) batch.rows.push(instance);
    if (prediction !== null && isBy(packageArn, prediction.modelPackage)) batch.scores.push(prediction.score);
  }
}

/** An answer that names no package is taken for the live model's. */
const isBy = (packageArn: string, answered: string | null) => answered === null || answered === packageArn;

function profileBatch(baseline: Profile, model: ModelConfig, { rows, scores }: Batch): Profile {
  const inputs = profileRows(baseline, model, rows);
  const predictions = baseline.features[PREDICTION];
  if (predictions?.kind !== 'numeric') return inputs;
  const scored = profileNumbers(predictions.edges, Float64Array.from(scores));
  return { ...inputs, features: { ...inputs.features, [PREDICTION]: scored } };
}
