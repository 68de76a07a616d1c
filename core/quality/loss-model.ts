import type { MetricValue } from '../../contracts/quality.ts';
import type { LossReference } from '../../contracts/quality-reference.ts';
import type { Instance } from '../../contracts/serving.ts';
import { binOf } from '../profile/edges.ts';
import type { WatchedFeature } from '../profile/watched.ts';
import { binRows, jointCounts } from './bin-rows.ts';
import { correctionVariance, encodeTriangle } from './calibration-variance.ts';
import { withDays } from './day-part.ts';
import { type DaysLeftOut, daysLeftOut, residualSpread } from './days-left-out.ts';
import { checkLosses } from './held-out.ts';
import { halfWidth } from './metric-interval.ts';
import type { QualityCounts } from './quality-counts.ts';
import { type BinnedRows, fitRecalibrator, type Recalibrator } from './recalibrator.ts';
import { type RowCoder, rowCoder, UNIT } from './row-coder.ts';
import { toRuns } from './runs.ts';
import { scoreGroups } from './score-groups.ts';

/** Held-out rows of a regression model: predictions and how wrong each was, in the same order. */
export interface HeldOutLosses {
  readonly features: readonly WatchedFeature[];
  readonly instances: readonly Instance[];
  readonly predictions: readonly number[];
  /** |prediction − outcome| per row, or any other loss ≥ 0. */
  readonly losses: readonly number[];
  /** UTC day per row, whole days since 1970; NaN, or an empty list: unknown. */
  readonly days: readonly number[];
}

const BINS = 50;

/**
 * What held-out rows teach about the size of a regression's errors: the mean loss per prediction bin, corrected linearly by features
 * as a classifier's expected label is. Plain JSON; rows are counted with `lossCoder` and `addRow` as a classifier's.
 * @throws ModelwayError `invalid-held-out-rows`
 */
export function fitLossReference(heldOut: HeldOutLosses): LossReference {
  checkLosses(heldOut);
  const sorted = Float64Array.from(heldOut.predictions).sort();
  const edges = [
    ...new Set(Array.from({ length: BINS - 1 }, (_, i) => sorted[Math.floor(((i + 1) * sorted.length) / BINS)] ?? 0)),
  ];
  const bins = Uint16Array.from(heldOut.predictions, (prediction) => binOf(edges, prediction));
  const labels = Float64Array.from(heldOut.losses);
  const { rows: counts, means } = meansPerBin(bins, labels, edges.length + 1);
  const { groups, cells } = scoreGroups(counts, 0);
  const { features, rows, columnCount } = binRows({ ...heldOut, bins, labels }, means, groups);
  const fit = fitRecalibrator(rows, means, { groups, columnCount });
  const expected = labels.map((_, row) => expectedLoss(fit, groups, rows, row));
  const residuals = labels.map((loss, row) => loss - (expected[row] ?? 0));
  const spreads = ratioPerBin(bins, residuals, expected, edges.length + 1);
  return {
    version: 1,
    rows: bins.length,
    edges,
    groups: [...groups],
    cells: [...cells],
    counts: { rows: counts },
    base: [...fit.base],
    spreads,
    features: [...features],
    theta: fit.theta.map((values) => [...values]),
    covariance: fit.covariance.map((matrix) => encodeTriangle(matrix, columnCount)),
    joint: toRuns(jointCounts(rows, cells, columnCount)),
    days: lossDays(
      daysLeftOut(rows, { groups, columnCount }, heldOut.days, (own) => own),
      spreads,
    ),
  };
}

/** Codes the rows of a regression, by their predictions. */
export function lossCoder(reference: LossReference, watched: readonly WatchedFeature[]): RowCoder {
  return rowCoder(reference, watched, (expected) => expected ** 2);
}

/** The mean loss expected of a window's rows, with a 95 % interval for what outcomes will show; undefined without rows. */
export function estimateLoss(reference: LossReference, { scored, days }: QualityCounts): MetricValue | undefined {
  const rows = scored.rows.reduce((sum, count) => sum + count, 0);
  if (rows === 0) return undefined;
  const value = Math.max(0, scored.expected.reduce((sum, expected) => sum + expected, 0) / UNIT / rows);
  const gradient = scored.rows.map(() => 1 / rows);
  let variance = correctionVariance(reference, scored, gradient);
  scored.rows.forEach((count, bin) => {
    // Variance of the bin's losses: of the window's rows, and of the reference's mean that they are expected to have.
    const spread = ((reference.spreads[bin] ?? 0) * (scored.variance[bin] ?? 0)) / UNIT;
    variance += (spread * (1 + count / Math.max(1, reference.counts.rows[bin] ?? 0))) / rows ** 2;
  });
  const half = halfWidth(withDays(variance, reference.days, Math.max(1, days.size)));
  return { name: 'loss', value, interval: [Math.max(0, value - half), value + half], rows };
}

function meansPerBin(bins: Uint16Array, values: Float64Array, size: number) {
  const [rows, sums] = [new Array<number>(size).fill(0), new Array<number>(size).fill(0)];
  bins.forEach((bin, row) => {
    rows[bin] = (rows[bin] ?? 0) + 1;
    sums[bin] = (sums[bin] ?? 0) + (values[row] ?? 0);
  });
  return { rows, means: sums.map((sum, bin) => sum / Math.max(1, rows[bin] ?? 0)) };
}

/** Σ residual² / Σ expected² per bin: the squared coefficient of variation of a loss, for errors grow with what is expected. */
function ratioPerBin(bins: Uint16Array, residuals: Float64Array, expected: Float64Array, size: number): number[] {
  const [squares, sizes] = [new Float64Array(size), new Float64Array(size)];
  bins.forEach((bin, row) => {
    squares[bin] = (squares[bin] ?? 0) + (residuals[row] ?? 0) ** 2;
    sizes[bin] = (sizes[bin] ?? 0) + (expected[row] ?? 0) ** 2;
  });
  return [...squares].map((square, bin) => (square === 0 ? 0 : square / (sizes[bin] ?? 1)));
}

function expectedLoss(fit: Recalibrator, groups: readonly number[], { bins, columns, width }: BinnedRows, row: number) {
  const bin = bins[row] ?? 0;
  const theta = fit.theta[groups[bin] ?? 0];
  let expected = fit.base[bin] ?? 0;
  for (let i = row * width; i < (row + 1) * width; i++) expected += theta?.[columns[i] ?? 0] ?? 0;
  return expected;
}

function lossDays(leftOut: DaysLeftOut | null, spreads: readonly number[]): LossReference['days'] {
  if (leftOut === null) return null;
  const { rows, shape, expected } = leftOut;
  const spread = residualSpread(leftOut, new Float64Array(shape.groups.length).fill(1), (row) => ({
    value: (rows.labels[row] ?? 0) - (expected[row] ?? 0),
    variance: (spreads[rows.bins[row] ?? 0] ?? 0) * (expected[row] ?? 0) ** 2,
  }));
  return { count: leftOut.days.length, ...spread };
}
