/**
 * Inverse of a symmetric positive definite matrix (row-major, n × n) by its Cholesky factor, n³ steps. Only the lower triangle is
 * read. A matrix that is not positive definite gives numbers that are not finite.
 */
export function inverseOf(matrix: Float64Array, n: number): Float64Array {
  const factor = choleskyFactor(matrix, n);
  const inverseFactor = lowerInverse(factor, n);
  const inverse = new Float64Array(n * n);
  for (let k = 0; k < n; k++)
    for (let i = 0; i <= k; i++) {
      const scale = inverseFactor[k * n + i] ?? 0;
      if (scale === 0) continue;
      for (let j = 0; j <= i; j++)
        inverse[i * n + j] = (inverse[i * n + j] ?? 0) + scale * (inverseFactor[k * n + j] ?? 0);
    }
  mirrorLower(inverse, n);
  return inverse;
}

/** Copies the lower triangle of a row-major n × n matrix to the upper one, in place. */
export function mirrorLower(matrix: Float64Array, n: number): void {
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) matrix[j * n + i] = matrix[i * n + j] ?? 0;
}

/** L with L Lᵀ = matrix, lower triangular; of the matrix only the lower triangle is read. */
export function choleskyFactor(matrix: Float64Array, n: number): Float64Array {
  const factor = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i * n + j] ?? 0;
      for (let k = 0; k < j; k++) sum -= (factor[i * n + k] ?? 0) * (factor[j * n + k] ?? 0);
      factor[i * n + j] = i === j ? Math.sqrt(sum) : sum / (factor[j * n + j] ?? 1);
    }
  return factor;
}

/** L⁻¹ row by row: row i = (eᵢ − Σ_{k<i} L_ik · row k) / L_ii. */
function lowerInverse(factor: Float64Array, n: number): Float64Array {
  const inverse = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    inverse[i * n + i] = 1;
    for (let k = 0; k < i; k++) {
      const scale = factor[i * n + k] ?? 0;
      if (scale === 0) continue;
      for (let j = 0; j <= k; j++) inverse[i * n + j] = (inverse[i * n + j] ?? 0) - scale * (inverse[k * n + j] ?? 0);
    }
    const diagonal = factor[i * n + i] ?? 1;
    for (let j = 0; j <= i; j++) inverse[i * n + j] = (inverse[i * n + j] ?? 0) / diagonal;
  }
  return inverse;
}

/** A·B for symmetric row-major n × n matrices; the product need not be symmetric. */
export function productOf(a: Float64Array, b: Float64Array, n: number): Float64Array {
  const product = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let k = 0; k < n; k++) {
      const scale = a[i * n + k] ?? 0;
      if (scale === 0) continue;
      for (let j = 0; j < n; j++) product[i * n + j] = (product[i * n + j] ?? 0) + scale * (b[k * n + j] ?? 0);
    }
  return product;
}
