/** L⁻¹ v by forward substitution, L lower triangular, row-major. With L of L Lᵀ = A its squared length is vᵀ A⁻¹ v. */
export function solveLower(factor: Float64Array, v: Float64Array): Float64Array {
  const n = v.length;
  const x = Float64Array.from(v);
  for (let i = 0; i < n; i++) {
    let sum = x[i] ?? 0;
    for (let k = 0; k < i; k++) sum -= (factor[i * n + k] ?? 0) * (x[k] ?? 0);
    x[i] = sum / (factor[i * n + i] ?? 1);
  }
  return x;
}

/** L⁻ᵀ v by backward substitution. */
export function solveUpper(factor: Float64Array, v: Float64Array): Float64Array {
  const n = v.length;
  const x = Float64Array.from(v);
  for (let i = n - 1; i >= 0; i--) {
    const value = (x[i] ?? 0) / (factor[i * n + i] ?? 1);
    x[i] = value;
    for (let k = 0; k < i; k++) x[k] = (x[k] ?? 0) - (factor[i * n + k] ?? 0) * value;
  }
  return x;
}
