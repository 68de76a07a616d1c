import { Buffer } from 'node:buffer';
import type { BinnedFeature, QualityReference } from '../../contracts/quality-reference.ts';
import type { BinnedRows } from './recalibrator.ts';
import { binCount } from './row-coder.ts';

/** Rows kept for the support guard. */
const MOST_ROWS = 4000;

/** Evenly spread held-out rows: one byte for the score cell, then one for the bin of each feature. */
export function supportSample(
  { bins, columns, width }: BinnedRows,
  cells: readonly number[],
  features: readonly BinnedFeature[],
): QualityReference['sample'] {
  const rows = Math.min(MOST_ROWS, bins.length);
  const firsts = firstColumns(features);
  const bytes = Buffer.alloc(rows * (width + 1));
  for (let kept = 0; kept < rows; kept++) {
    const row = Math.floor((kept * bins.length) / rows);
    bytes[kept * (width + 1)] = cells[bins[row] ?? 0] ?? 0;
    for (let i = 0; i < width; i++)
      bytes[kept * (width + 1) + 1 + i] = (columns[row * width + i] ?? 0) - (firsts[i] ?? 0);
  }
  return { rows, bins: bytes.toString('base64') };
}

/** The first column of each feature. */
export function firstColumns(features: readonly BinnedFeature[]): readonly number[] {
  let next = 0;
  return features.map((feature) => {
    const first = next;
    next += binCount(feature);
    return first;
  });
}
