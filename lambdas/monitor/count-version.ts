import type { ModelConfig } from '../../contracts/model-config.ts';
import type { VersionCounts } from '../../contracts/window.ts';
import { columnTypes, readyMetrics } from '../../core/business/business-metrics.ts';
import { batchProfiler } from '../../core/capture/fast/batch-profiler.ts';
import type { CapturedBatch } from '../../core/capture/fast/captured-batch.ts';
import { carriedModel } from '../../core/monitoring/carried-model.ts';
import { type ColumnFeature, watchedFeatures } from '../../core/profile/watched.ts';
import { batchCounter, qualityColumns, type RowOutcome } from '../../core/quality/batch-counter.ts';
import type { QualityWindow } from '../../core/quality/quality-window.ts';
import { storeQualityWindow } from '../../core/quality/stored-window.ts';
import type { Reference } from './references.ts';

/** Counts the rows that one version answered over the bins of its own reference. */
export interface VersionCounter {
  /** Counts a batch of its rows. @param outcomeOf asked once for each row, in order: what is known of its outcome */
  readonly add: (batch: CapturedBatch, outcomeOf: (row: number) => RowOutcome) => void;
  readonly counted: () => VersionCounts;
}

/** A version and what its training left behind; null when no run of it is on record, and then rows are counted and no more. */
export interface Version {
  readonly packageArn: string;
  readonly runId: string | null;
  readonly reference: Reference | null;
}

/** An empty counter of one version. */
export function versionCounter(model: ModelConfig, { packageArn, runId, reference }: Version): VersionCounter {
  const watched = reference === null ? undefined : watchedCounter(model, reference);
  let [rows, explained, last] = [0, 0, Number.NEGATIVE_INFINITY];
  return {
    add: (batch, outcomeOf) => {
      rows += batch.rows;
      for (let row = 0; row < batch.rows; row++) {
        const at = batch.at[row] ?? Number.NaN;
        if (at > last) last = at;
        if (batch.shapOf(row) !== null) explained += 1;
      }
      if (watched?.add(batch, outcomeOf) !== true) for (let row = 0; row < batch.rows; row++) outcomeOf(row);
    },
    counted: () => ({
      packageArn,
      runId,
      rows,
      explained,
      lastAt: Number.isFinite(last) ? new Date(last).toISOString() : '',
      ...(watched?.counted() ?? { profile: null, quality: null }),
    }),
  };
}

function watchedCounter(model: ModelConfig, { baseline, setup }: Reference) {
  const carried = carriedModel(model);
  const profiler = batchProfiler(baseline.profile, carried);
  const quality = setup === null ? undefined : batchCounter(setup, watchedFeatures(carried), businessOf(model));
  return {
    /** True when the outcomes were asked for. */
    add: (batch: CapturedBatch, outcomeOf: (row: number) => RowOutcome): boolean => {
      profiler.add(batch);
      if (quality === undefined || !batch.asked || !batch.answered) return false;
      quality.add(batch, outcomeOf);
      return true;
    },
    counted: (): Pick<VersionCounts, 'profile' | 'quality'> => ({
      profile: profiler.profile(),
      quality: quality === undefined ? null : storeQualityWindow(inOrder(quality.window)),
    }),
  };
}

/** Days in their order, however batches came. */
const inOrder = (window: QualityWindow): QualityWindow => ({
  ...window,
  days: new Map([...window.days].sort(([a], [b]) => (a ?? -1) - (b ?? -1))),
});

/** The features that must be read from rows so that a version can be counted. */
export function columnsRead(model: ModelConfig, { reference }: Version): readonly ColumnFeature[] {
  const setup = reference?.setup ?? null;
  const watched = watchedFeatures(carriedModel(model));
  return setup === null ? watched : [...watched, ...qualityColumns(setup.segments, businessOf(model))];
}

function businessOf({ monitoring, data }: ModelConfig) {
  const columns = columnTypes(data);
  return { metrics: readyMetrics(monitoring.business, columns), columns };
}
