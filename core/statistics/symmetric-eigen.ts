/** Eigenvalues in falling order, with the eigenvector of each, of length 1. */
export interface Eigen {
  readonly values: readonly number[];
  readonly vectors: readonly (readonly number[])[];
}

const SWEEPS = 60;
/** Off-diagonal mass, relative to the whole matrix, that counts as none. */
const NEGLIGIBLE = 1e-24;

/**
 * Eigenvalues and eigenvectors of a symmetric matrix by cyclic Jacobi rotations (Golub & Van Loan, Matrix Computations, §8.5).
 * @param matrix rows of equal length; only its symmetry is relied on, it is not changed
 */
export function symmetricEigen(matrix: readonly (readonly number[])[]): Eigen {
  const a = matrix.map((row) => Float64Array.from(row));
  const v = matrix.map((_, i) => Float64Array.from(matrix, (__, j) => (i === j ? 1 : 0)));
  const whole = squares(a, () => true);
  for (let sweep = 0; sweep < SWEEPS && squares(a, (i, j) => i !== j) > whole * NEGLIGIBLE; sweep++)
    for (let p = 0; p < a.length; p++) for (let q = p + 1; q < a.length; q++) rotate(a, v, p, q);
  const pairs = a.map((row, i) => ({ value: row[i] ?? 0, vector: v.map((vRow) => vRow[i] ?? 0) }));
  const sorted = pairs.sort((one, other) => other.value - one.value);
  return { values: sorted.map(({ value }) => value), vectors: sorted.map(({ vector }) => vector) };
}

type Matrix = readonly Float64Array[];

function squares(a: Matrix, counts: (i: number, j: number) => boolean): number {
  let sum = 0;
  a.forEach((row, i) => {
    row.forEach((value, j) => {
      if (counts(i, j)) sum += value * value;
    });
  });
  return sum;
}

/** One rotation that makes the element (p, q) zero. */
function rotate(a: Matrix, v: Matrix, p: number, q: number): void {
  const [apq, app, aqq] = [at(a, p, q), at(a, p, p), at(a, q, q)];
  if (apq === 0) return;
  const theta = (aqq - app) / (2 * apq);
  const t = (theta >= 0 ? 1 : -1) / (Math.abs(theta) + Math.hypot(theta, 1));
  const c = 1 / Math.hypot(t, 1);
  const s = t * c;
  for (const row of a) turn(row, p, q, c, s);
  const [rowP, rowQ] = [a[p], a[q]];
  rowP?.forEach((value, k) => {
    const other = rowQ?.[k] ?? 0;
    rowP[k] = c * value - s * other;
    if (rowQ !== undefined) rowQ[k] = s * value + c * other;
  });
  for (const row of v) turn(row, p, q, c, s);
}

function turn(row: Float64Array, p: number, q: number, c: number, s: number): void {
  const [x, y] = [row[p] ?? 0, row[q] ?? 0];
  row[p] = c * x - s * y;
  row[q] = s * x + c * y;
}

const at = (a: Matrix, i: number, j: number): number => a[i]?.[j] ?? 0;
