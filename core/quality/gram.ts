/** Adds `scale` for each pair of a row's columns to the lower triangle; columns ascend. */
export function addPairs(gram: Float64Array, columns: Uint16Array, scale: number, n: number): void {
  for (let i = 0; i < columns.length; i++) {
    const start = (columns[i] ?? 0) * n;
    for (let j = 0; j <= i; j++) {
      const at = start + (columns[j] ?? 0);
      gram[at] = (gram[at] ?? 0) + scale;
    }
  }
}

/** Adds scale · v vᵀ to the lower triangle. */
export function addOuter(gram: Float64Array, v: Float64Array, scale: number): void {
  const n = v.length;
  for (let i = 0; i < n; i++) {
    const factor = scale * (v[i] ?? 0);
    if (factor === 0) continue;
    for (let j = 0; j <= i; j++) gram[i * n + j] = (gram[i * n + j] ?? 0) + factor * (v[j] ?? 0);
  }
}

/** Matrix times vector, the matrix row-major and square. */
export function timesVector(matrix: Float64Array, v: Float64Array): Float64Array {
  return v.map((_, i) => dot(matrix.subarray(i * v.length, (i + 1) * v.length), v));
}

/** Inner product. */
export function dot(a: Float64Array | undefined, b: Float64Array | undefined): number {
  let sum = 0;
  if (a === undefined || b === undefined) return sum;
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}
