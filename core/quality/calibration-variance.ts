import { Buffer } from 'node:buffer';
import type { QualityReference } from '../../contracts/quality-reference.ts';
import type { ScoredCounts } from './quality-counts.ts';
import { fromRuns } from './runs.ts';

/**
 * Variance that the calibration of the reference leaves in Σ_b gradient[b] · expected[b] of a window: that of the isotonic rates, and
 * that of the corrections, gradientᵀ·J·cov(θ)·Jᵀ·gradient over joint counts centred as the reference's.
 */
export function calibrationVariance(
  reference: QualityReference,
  { rows, joint }: Pick<ScoredCounts, 'rows' | 'joint'>,
  gradient: Float64Array,
): number {
  return rateVariance(reference, rows, gradient) + correctionVariance(reference, { rows, joint }, gradient);
}

/** The part of a reference that corrections are made of. */
export type Corrections = Pick<QualityReference, 'theta' | 'covariance' | 'groups' | 'cells' | 'joint'> & {
  readonly counts: { readonly rows: readonly number[] };
};

function rateVariance({ counts, rates }: QualityReference, rows: Float64Array, gradient: Float64Array): number {
  let variance = 0;
  for (let bin = 0; bin < rows.length; bin++) {
    const seen = counts.rows[bin] ?? 0;
    // One row of each class more, so that a bin that saw one class alone is not taken for certain.
    const rate = ((rates[bin] ?? 0) * seen + 1) / (seen + 2);
    variance += ((gradient[bin] ?? 0) * (rows[bin] ?? 0)) ** 2 * ((rate * (1 - rate)) / (seen + 2));
  }
  return variance;
}

/** Variance that the corrections leave in Σ_b gradient[b] · expected[b] of a window. */
export function correctionVariance(
  reference: Corrections,
  { rows, joint }: Pick<ScoredCounts, 'rows' | 'joint'>,
  gradient: Float64Array,
): number {
  const { covariance, cellMeans, cellGroups } = decoded(reference);
  const columns = reference.theta[0]?.length ?? 0;
  const { slopes, cellRows } = perCell(reference.cells, rows, gradient);
  let variance = 0;
  covariance.forEach((triangle, group) => {
    const direction = new Float64Array(columns);
    cellGroups.forEach((cellGroup, cell) => {
      const slope = slopes[cell] ?? 0;
      if (cellGroup !== group || slope === 0) return;
      for (let c = 0; c < columns; c++) {
        const at = cell * columns + c;
        direction[c] = (direction[c] ?? 0) + slope * ((joint[at] ?? 0) - (cellRows[cell] ?? 0) * (cellMeans[at] ?? 0));
      }
    });
    variance += quadraticForm(triangle, direction);
  });
  return variance;
}

/** Rows of each cell, and the gradient averaged over them. */
function perCell(cells: readonly number[], rows: Float64Array, gradient: Float64Array) {
  const size = (cells.at(-1) ?? 0) + 1;
  const [cellRows, slopes] = [new Float64Array(size), new Float64Array(size)];
  cells.forEach((cell, bin) => {
    cellRows[cell] = (cellRows[cell] ?? 0) + (rows[bin] ?? 0);
    slopes[cell] = (slopes[cell] ?? 0) + (rows[bin] ?? 0) * (gradient[bin] ?? 0);
  });
  return { cellRows, slopes: slopes.map((sum, cell) => sum / Math.max(1, cellRows[cell] ?? 0)) };
}

/** vᵀ C v for the upper triangle of C, row by row. */
function quadraticForm(triangle: Float32Array, v: Float64Array): number {
  let [sum, at] = [0, 0];
  for (let i = 0; i < v.length; i++) {
    const own = v[i] ?? 0;
    if (own === 0) {
      at += v.length - i;
      continue;
    }
    sum += own * own * (triangle[at] ?? 0);
    let row = 0;
    for (let j = 1; j < v.length - i; j++) row += (triangle[at + j] ?? 0) * (v[i + j] ?? 0);
    sum += 2 * own * row;
    at += v.length - i;
  }
  return sum;
}

interface Decoded {
  readonly covariance: readonly Float32Array[];
  /** The reference's mean of each column per cell. */
  readonly cellMeans: Float64Array;
  readonly cellGroups: readonly number[];
}

/** Decoding takes longer than a window's estimate, and many windows share one reference. */
const DECODED = new WeakMap<Corrections, Decoded>();

function decoded(reference: Corrections): Decoded {
  const known = DECODED.get(reference);
  if (known !== undefined) return known;
  const columns = reference.theta[0]?.length ?? 0;
  const cellCount = (reference.cells.at(-1) ?? 0) + 1;
  const cellRows = new Float64Array(cellCount);
  const cellGroups = new Array<number>(cellCount).fill(0);
  reference.cells.forEach((cell, bin) => {
    cellRows[cell] = (cellRows[cell] ?? 0) + (reference.counts.rows[bin] ?? 0);
    cellGroups[cell] = reference.groups[bin] ?? 0;
  });
  const joint = fromRuns(reference.joint);
  const result = {
    covariance: reference.covariance.map(decodeTriangle),
    cellMeans: joint.map((count, at) => count / Math.max(1, cellRows[Math.floor(at / columns)] ?? 0)),
    cellGroups,
  };
  DECODED.set(reference, result);
  return result;
}

/** The upper triangle of a row-major symmetric matrix as float32, base64. */
export function encodeTriangle(matrix: Float64Array, n: number): string {
  const bytes = Buffer.alloc(2 * n * (n + 1));
  let at = 0;
  for (let i = 0; i < n; i++)
    for (let j = i; j < n; j++) {
      bytes.writeFloatLE(matrix[i * n + j] ?? 0, at);
      at += 4;
    }
  return bytes.toString('base64');
}

function decodeTriangle(text: string): Float32Array {
  const bytes = Buffer.from(text, 'base64');
  return Float32Array.from({ length: bytes.length / 4 }, (_, i) => bytes.readFloatLE(4 * i));
}
