import { Buffer } from 'node:buffer';
import type { QualityReference } from '../../contracts/quality-reference.ts';
import type { ScoredCounts } from './quality-counts.ts';
import { binCount } from './row-coder.ts';
import { firstColumns } from './support-sample.ts';

const ROUNDS = 10;
/** A change of the share that is not worth another round. */
const SETTLED = 1e-4;
const LARGEST_STEP = 20;
const LARGEST_WEIGHT = 50;

/**
 * The share of the reference that looks like the window, 0–1: Kish's effective share (Σw)² / (n Σw²) of a sample of held-out rows
 * whose weights w are raked until its features and scores are spread as the window's (Deming & Stephan 1940), less the share of the
 * window in bins the reference never saw. 1 when nothing shifted; small: estimates extrapolate. NaN without rows.
 */
export function supportOf(reference: QualityReference, scored: Pick<ScoredCounts, 'rows' | 'joint'>): number {
  const margins = windowMargins(reference, scored);
  const weights = new Float64Array(reference.sample.rows).fill(1);
  const spread = sampleCodes(reference);
  let share = 1;
  for (let round = 0; round < ROUNDS; round++) {
    margins.forEach((target, margin) => {
      rake(weights, spread[margin] ?? new Uint8Array(), target);
    });
    normalise(weights);
    const before = share;
    share = effectiveShare(weights);
    if (Math.abs(share - before) < SETTLED) break;
  }
  return share * (1 - largestUnseen(margins, spread));
}

/** Share of the window's rows per score cell, then per bin of each feature. */
function windowMargins(reference: QualityReference, { rows, joint }: Pick<ScoredCounts, 'rows' | 'joint'>) {
  const cells = new Float64Array((reference.cells.at(-1) ?? 0) + 1);
  reference.cells.forEach((cell, bin) => {
    cells[cell] = (cells[cell] ?? 0) + (rows[bin] ?? 0);
  });
  const columnCount = reference.theta[0]?.length ?? 0;
  const columns = new Float64Array(columnCount);
  joint.forEach((count, at) => {
    columns[at % columnCount] = (columns[at % columnCount] ?? 0) + count;
  });
  const firsts = firstColumns(reference.features);
  const features = reference.features.map((feature, i) =>
    columns.slice(firsts[i] ?? 0, (firsts[i] ?? 0) + binCount(feature)),
  );
  const total = cells.reduce((sum, count) => sum + count, 0);
  return [cells, ...features].map((counts) => counts.map((count) => count / total));
}

/** Decoding takes as long as a round, and many windows share one reference. */
const DECODED = new WeakMap<QualityReference, readonly Uint8Array[]>();

/** Score cells of the sampled rows, then their bins of each feature. */
function sampleCodes(reference: QualityReference): readonly Uint8Array[] {
  const known = DECODED.get(reference);
  if (known !== undefined) return known;
  const bytes = Buffer.from(reference.sample.bins, 'base64');
  const width = reference.features.length + 1;
  const codes = Array.from({ length: width }, (_, margin) =>
    Uint8Array.from({ length: reference.sample.rows }, (_, row) => bytes[row * width + margin] ?? 0),
  );
  DECODED.set(reference, codes);
  return codes;
}

function rake(weights: Float64Array, codes: Uint8Array, target: Float64Array): void {
  const shares = new Float64Array(target.length);
  let total = 0;
  for (let row = 0; row < weights.length; row++) {
    const code = codes[row] ?? 0;
    shares[code] = (shares[code] ?? 0) + (weights[row] ?? 0);
    total += weights[row] ?? 0;
  }
  const steps = target.map((share, code) => {
    const own = (shares[code] ?? 0) / total;
    return own === 0 ? 1 : Math.min(LARGEST_STEP, Math.max(1 / LARGEST_STEP, share / own));
  });
  for (let row = 0; row < weights.length; row++) weights[row] = (weights[row] ?? 0) * (steps[codes[row] ?? 0] ?? 1);
}

/** Mean 1, and no row worth more than fifty. */
function normalise(weights: Float64Array): void {
  const mean = weights.reduce((sum, weight) => sum + weight, 0) / weights.length;
  for (let row = 0; row < weights.length; row++) weights[row] = Math.min(LARGEST_WEIGHT, (weights[row] ?? 0) / mean);
}

function effectiveShare(weights: Float64Array): number {
  let [sum, squares] = [0, 0];
  for (const weight of weights) {
    sum += weight;
    squares += weight ** 2;
  }
  return sum ** 2 / (weights.length * squares);
}

/** The largest share of the window, over margins, in bins that no sampled row falls into. */
function largestUnseen(margins: readonly Float64Array[], spread: readonly Uint8Array[]): number {
  return margins.reduce((largest, target, margin) => {
    const seen = new Set(spread[margin]);
    const unseen = target.reduce((sum, share, code) => (seen.has(code) ? sum : sum + share), 0);
    return Math.max(largest, unseen);
  }, 0);
}
