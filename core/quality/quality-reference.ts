import type { QualityReference } from '../../contracts/quality-reference.ts';
import type { Instance } from '../../contracts/serving.ts';
import { binOf } from '../profile/edges.ts';
import type { WatchedFeature } from '../profile/watched.ts';
import { binRows, jointCounts } from './bin-rows.ts';
import { encodeTriangle } from './calibration-variance.ts';
import { checkHeldOut } from './held-out.ts';
import { isotonicMeans } from './isotonic.ts';
import { type BinnedRows, fitRecalibrator, type RecalibratorShape } from './recalibrator.ts';
import { referenceDays } from './reference-days.ts';
import { referenceMetrics } from './reference-metrics.ts';
import { toRuns } from './runs.ts';
import { scoreEdges } from './score-bins.ts';
import { scoreGroups } from './score-groups.ts';
import { supportSample } from './support-sample.ts';

/** Rows that the model did not learn from, its scores and what became of them, in the same order. */
export interface HeldOut {
  readonly features: readonly WatchedFeature[];
  readonly instances: readonly Instance[];
  readonly scores: readonly number[];
  /** 0 or 1. */
  readonly labels: readonly number[];
  /** UTC day of each row, whole days since 1970; NaN, or an empty list: unknown. */
  readonly days: readonly number[];
  /** Scores from here on are predicted positive. */
  readonly threshold: number;
  /** Mean |SHAP| per feature. Left out: nothing was explained. */
  readonly importance?: Readonly<Record<string, number>>;
}

/**
 * What held-out rows teach about the scores of a model, for estimating quality without labels and telling concept drift from data
 * drift. Plain JSON.
 * @throws ModelwayError `invalid-held-out-rows` that names everything wrong: lengths that differ, fewer than 200 rows, fewer than ten
 * of a class, labels other than 0 and 1, scores that are no numbers
 */
export function fitQualityReference(heldOut: HeldOut): QualityReference {
  checkHeldOut(heldOut);
  const edges = scoreEdges(heldOut, heldOut.threshold);
  const bins = Uint16Array.from(heldOut.scores, (score) => binOf(edges, score));
  const labels = Float64Array.from(heldOut.labels);
  const counts = countPerBin(bins, labels, edges.length + 1);
  const cut = binOf(edges, heldOut.threshold);
  const { groups, cells } = scoreGroups(counts.rows, cut);
  const rates = isotonicMeans(
    counts.positives.map((positives, bin) => positives / Math.max(1, counts.rows[bin] ?? 0)),
    counts.rows,
  );
  const { features, rows, columnCount } = binRows({ ...heldOut, bins, labels }, rates, groups);
  const shape = { groups, columnCount };
  const fit = fitRecalibrator(rows, rates, shape);
  const days = referenceDays({ rows, shape, counts, cut }, heldOut.days);
  return {
    version: 1,
    rows: bins.length,
    threshold: heldOut.threshold,
    edges: [...edges],
    cut,
    groups: [...groups],
    cells: [...cells],
    counts,
    rates,
    base: [...fit.base],
    features: [...features],
    theta: fit.theta.map((values) => [...values]),
    covariance: fit.covariance.map((matrix) => encodeTriangle(matrix, columnCount)),
    joint: toRuns(jointCounts(rows, cells, columnCount)),
    sample: supportSample(rows, cells, features),
    days,
    metrics: [...referenceMetrics(counts, cut, days)],
    importance: { ...heldOut.importance },
  };
}

/** What the variance of days needs of the earlier steps of the fit. */
export interface FitContext {
  readonly rows: BinnedRows;
  readonly shape: RecalibratorShape;
  readonly counts: QualityReference['counts'];
  readonly cut: number;
}

function countPerBin(bins: Uint16Array, labels: Float64Array, size: number): QualityReference['counts'] {
  const [rows, positives] = [new Array<number>(size).fill(0), new Array<number>(size).fill(0)];
  bins.forEach((bin, row) => {
    rows[bin] = (rows[bin] ?? 0) + 1;
    positives[bin] = (positives[bin] ?? 0) + (labels[row] ?? 0);
  });
  return { rows, positives };
}
