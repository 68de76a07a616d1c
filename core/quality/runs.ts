/** A list of counts (≥ 0) where each run of n zeros is the one number −n: sparse lists become short. */
export function toRuns(counts: Float64Array): number[] {
  const runs: number[] = [];
  let zeros = 0;
  for (let i = 0; i < counts.length; i++) {
    const count = counts[i] ?? 0;
    if (count === 0) {
      zeros += 1;
      continue;
    }
    if (zeros > 0) runs.push(-zeros);
    zeros = 0;
    runs.push(count);
  }
  if (zeros > 0) runs.push(-zeros);
  return runs;
}

/** The counts that `toRuns` was given. */
export function fromRuns(runs: readonly number[]): Float64Array {
  const counts = new Float64Array(runs.reduce((length, run) => length + (run < 0 ? -run : 1), 0));
  let index = 0;
  for (const run of runs) {
    if (run >= 0) counts[index] = run;
    index += run < 0 ? -run : 1;
  }
  return counts;
}
