import type { Scored } from './placements.ts';

/** One group of rows with close scores: what was predicted on average, and what came true. */
export interface CalibrationBin {
  readonly predicted: number;
  readonly observed: number;
  readonly rows: number;
}

const BINS = 15;

/** Predicted against observed rate in 15 groups of equal size, lowest scores first. A perfect model lies on the diagonal. */
export function calibrationBins({ scores, labels }: Scored): readonly CalibrationBin[] {
  const order = [...scores.keys()].sort((a, b) => (scores[a] ?? 0) - (scores[b] ?? 0));
  return Array.from({ length: BINS }, (_, bin) =>
    order.slice(Math.floor((bin * order.length) / BINS), Math.floor(((bin + 1) * order.length) / BINS)),
  )
    .filter((rows) => rows.length > 0)
    .map((rows) => ({
      predicted: rows.reduce((sum, row) => sum + (scores[row] ?? 0), 0) / rows.length,
      observed: rows.reduce((sum, row) => sum + (labels[row] ?? 0), 0) / rows.length,
      rows: rows.length,
    }));
}

/**
 * Calibration error: the root of the mean squared gap, less what sampling alone gives (Kumar et al. 2019), so that a perfect model
 * reads about 0 however few its rows.
 */
export function calibrationError(bins: readonly CalibrationBin[]): number {
  const total = bins.reduce((sum, { rows }) => sum + rows, 0);
  const squared = bins.reduce((sum, { predicted, observed, rows }) => {
    const noise = rows > 1 ? (observed * (1 - observed)) / (rows - 1) : 0;
    return sum + (rows / total) * ((predicted - observed) ** 2 - noise);
  }, 0);
  return Math.sqrt(Math.max(0, squared));
}
