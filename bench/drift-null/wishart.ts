import type { Pairs } from '../../contracts/profile.ts';
import type { Random } from '../../core/statistics/random.ts';
import { gamma, normal } from './normal.ts';

/**
 * Sums and products of `rows` normal rows whose features correlate in neighbouring twos: mean and scatter are independent, the
 * scatter a Wishart matrix by Bartlett's decomposition (1933). No row is drawn.
 * @param rows more than the number of features
 * @param rho correlation of the features 2i and 2i + 1
 */
export function drawPairs(
  names: readonly string[],
  rows: number,
  rho: (pair: number) => number,
  random: Random,
): Pairs {
  const size = names.length;
  const triangle = Array.from({ length: size }, (_, i) =>
    Float64Array.from({ length: size }, (__, j) => {
      if (j > i) return 0;
      return j === i ? Math.sqrt(2 * gamma((rows - 1 - i) / 2, random)) : normal(random);
    }),
  );
  const mixed = correlated(triangle, rho);
  const meanOfTwos = correlated(
    Array.from({ length: size }, () => Float64Array.of(normal(random))),
    rho,
  );
  const mean = meanOfTwos.map((row) => (row[0] ?? 0) / Math.sqrt(rows));
  const products = names.flatMap((_, i) =>
    names
      .slice(i)
      .map((__, offset) => dot(mixed[i], mixed[i + offset]) + rows * (mean[i] ?? 0) * (mean[i + offset] ?? 0)),
  );
  return {
    names: [...names],
    centers: names.map(() => 0),
    scales: names.map(() => 1),
    rows,
    sums: mean.map((value) => value * rows),
    products,
  };
}

/** L · A with L the Cholesky factor of the correlation matrix of twos. */
function correlated(rows: readonly Float64Array[], rho: (pair: number) => number): readonly Float64Array[] {
  return rows.map((row, i) => {
    if (i % 2 === 0) return row;
    const r = rho((i - 1) / 2);
    const rest = Math.sqrt(1 - r * r);
    const before = rows[i - 1];
    return row.map((value, k) => r * (before?.[k] ?? 0) + rest * value);
  });
}

function dot(a: Float64Array | undefined, b: Float64Array | undefined): number {
  return a === undefined ? 0 : a.reduce((sum, value, k) => sum + value * (b?.[k] ?? 0), 0);
}
