import type { NumericProfile } from '../../contracts/profile.ts';

/** Scaled values are clipped here (`contracts/profile.ts`, `PairsSchema`). */
const CLIP = 6;

/**
 * Kurtosis of a feature's scaled and clipped values, from its bins: E[(z − μ)⁴] / E[(z − μ)²]², 3 for a normal one. Values of a bin
 * count as its mean, those of the open outer bins as exponentially distributed beyond their edge. 3 when there is nothing to tell.
 */
export function kurtosisOf(profile: NumericProfile, center: number, scale: number): number {
  const clipped = (value: number) => Math.max(-CLIP, Math.min(CLIP, (value - center) / scale));
  const last = profile.counts.length - 1;
  const bins = profile.counts.flatMap((count, bin) => {
    if (count === 0) return [];
    const mean = clipped((profile.sums[bin] ?? 0) / count);
    const edge = bin === 0 ? profile.edges[0] : bin === last ? profile.edges[bin - 1] : undefined;
    return [{ count, mean, edge: edge === undefined ? mean : clipped(edge) }];
  });
  const filled = [...bins, { count: profile.missing, mean: 0, edge: 0 }];
  const rows = filled.reduce((sum, { count }) => sum + count, 0);
  const average = (of: (mean: number, edge: number) => number) =>
    filled.reduce((sum, { count, mean, edge }) => sum + count * of(mean, edge), 0) / rows;
  const centre = average((mean) => mean);
  const moment = (power: 2 | 4) =>
    average((mean, edge) => beyondEdge(power, Math.abs(edge - centre), Math.abs(mean - edge)));
  const variance = moment(2);
  return variance > 0 ? moment(4) / variance ** 2 : 3;
}

/** E[(e + X)²] or E[(e + X)⁴] of an exponential X with mean `excess`, at most what clipping leaves. */
function beyondEdge(power: 2 | 4, e: number, excess: number): number {
  const a = excess;
  if (power === 2) return Math.min((2 * CLIP) ** 2, e ** 2 + 2 * e * a + 2 * a ** 2);
  return Math.min((2 * CLIP) ** 4, e ** 4 + 4 * e ** 3 * a + 12 * e ** 2 * a ** 2 + 24 * e * a ** 3 + 24 * a ** 4);
}
