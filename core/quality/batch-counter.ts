import type { BinnedFeature } from '../../contracts/quality-reference.ts';
import type { QualitySetup } from '../../contracts/quality-window.ts';
import type { Instance } from '../../contracts/serving.ts';
import type { ColumnType } from '../business/business-expression.ts';
import type { ReadyMetric } from '../business/business-metrics.ts';
import type { CapturedBatch } from '../capture/fast/captured-batch.ts';
import { placeCodes, type RowCodes } from '../capture/fast/place-codes.ts';
import { binOf } from '../profile/edges.ts';
import type { ColumnFeature, WatchedFeature } from '../profile/watched.ts';
import { batchCells, batchSlices, cellFeatures, segmentFeature } from './batch-columns.ts';
import { type AnsweredRow, qualityCounter } from './quality-counter.ts';
import type { QualityWindow } from './quality-window.ts';
import { binCount, columnCoder } from './row-coder.ts';

/** What is known of a row's outcome. */
export type RowOutcome = Pick<AnsweredRow, 'label' | 'value' | 'labelledAt'>;

/** Counts batches of captured rows into a window: what `qualityCounter` counts of the same rows. */
export interface BatchCounter {
  /** Counts the rows of a batch that was asked and answered, and no other. */
  readonly add: (batch: CapturedBatch, outcomeOf: (row: number) => RowOutcome) => void;
  /** What was counted so far; changes with later rows. */
  readonly window: QualityWindow;
}

/** What business metrics are computed by. */
export interface BatchBusiness {
  readonly metrics: readonly ReadyMetric[];
  /** Types of the columns they may read. */
  readonly columns: ReadonlyMap<string, ColumnType>;
}

/** The features, beside the model's own, that a capture reader must read for batches to be counted. */
export function qualityColumns(
  segments: QualitySetup['segments'],
  { metrics, columns }: BatchBusiness,
): readonly ColumnFeature[] {
  return [...segments.map(segmentFeature), ...(metrics.length === 0 ? [] : cellFeatures(columns))];
}

/**
 * A counter over a setup; no row is held.
 * @param features the model's watched features; the setup's that it no longer has count as missing
 */
export function batchCounter(
  setup: QualitySetup,
  features: readonly WatchedFeature[],
  { metrics, columns }: BatchBusiness,
): BatchCounter {
  const counter = qualityCounter(setup, features, metrics);
  const codersOf = featureCodes(setup.reference.features, features);
  const code = columnCoder(setup.reference);
  const slicesOf = setup.segments.map(batchSlices);
  const cellsOf = metrics.length === 0 ? () => NO_CELLS : batchCells(columns);
  return {
    window: counter.window,
    add: (batch, outcomeOf) => {
      if (!batch.asked || !batch.answered) return;
      const coders = codersOf.map((of) => of(batch));
      const slicers = slicesOf.map((of) => of(batch));
      const slices = new Int32Array(slicers.length);
      for (let row = 0; row < batch.rows; row++) {
        const codes = new Uint16Array(coders.length);
        for (let i = 0; i < coders.length; i++) codes[i] = coders[i]?.(row) ?? 0;
        for (let i = 0; i < slicers.length; i++) slices[i] = slicers[i]?.(row) ?? 0;
        const score = batch.scores[row] ?? Number.NaN;
        counter.addCoded({
          instance: cellsOf(batch, row),
          score,
          at: batch.at[row],
          shap: batch.shapOf(row),
          coded: code(codes, score),
          slices,
          ...outcomeOf(row),
        });
      }
    },
  };
}

const NO_CELLS: Instance = {};

/** For each binned feature the columns of rows, as `featureCoders` gives them of the rows themselves. */
function featureCodes(
  features: readonly BinnedFeature[],
  watched: readonly WatchedFeature[],
): readonly ((batch: CapturedBatch) => RowCodes)[] {
  const kinds = new Map(watched.map(({ name, kind }) => [name, kind]));
  let first = 0;
  return features.map((feature) => {
    const start = first;
    first += binCount(feature);
    const missing = first - 1;
    return kinds.get(feature.name) === feature.kind ? codesOf(feature, start, missing) : () => () => missing;
  });
}

function codesOf(feature: BinnedFeature, start: number, missing: number): (batch: CapturedBatch) => RowCodes {
  if (feature.kind === 'category') {
    const bins = new Map(feature.values.map((value, index) => [value, start + 1 + index]));
    const known = placeCodes((value) => (value === undefined ? missing : (bins.get(value) ?? start)));
    return ({ values }) => {
      const found = values.get(feature.name);
      return found === undefined ? () => missing : known(found);
    };
  }
  const { name, edges } = feature;
  return ({ numbers }) => {
    const found = numbers.get(name);
    if (found === undefined) return () => missing;
    return (row) => {
      const number = found[row] ?? Number.NaN;
      return Number.isFinite(number) ? start + binOf(edges, number) : missing;
    };
  };
}
