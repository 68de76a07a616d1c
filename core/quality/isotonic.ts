import type { Scored } from './placements.ts';

/**
 * The rising sequence closest to `means` in weighted squares, by pooling adjacent violators (Ayer et al. 1955). Entries of weight 0
 * take the value of the pool before them (of the first pool, at the start).
 */
export function isotonicMeans(means: readonly number[], weights: readonly number[]): number[] {
  const pools: { mean: number; weight: number; entries: number }[] = [];
  means.forEach((mean, index) => {
    const weight = weights[index] ?? 0;
    const last = pools.at(-1);
    if (weight === 0 && last !== undefined) {
      last.entries += 1;
      return;
    }
    pools.push({ mean: weight === 0 ? Number.NEGATIVE_INFINITY : mean, weight, entries: 1 });
    for (;;) {
      const [below, above] = [pools.at(-2), pools.at(-1)];
      if (below === undefined || above === undefined || (below.mean < above.mean && below.weight > 0)) return;
      pools.splice(-2, 2, pooled(below, above));
    }
  });
  return pools.flatMap(({ mean, entries }) => new Array<number>(entries).fill(mean));
}

type Pool = { readonly mean: number; readonly weight: number; readonly entries: number };

function pooled(a: Pool, b: Pool) {
  const weight = a.weight + b.weight;
  const mean = a.weight === 0 ? b.mean : (a.mean * a.weight + b.mean * b.weight) / weight;
  return { mean, weight, entries: a.entries + b.entries };
}

/**
 * The isotonic calibration of scores: between the scores it has seen it is linear, outside it is flat. The same function as
 * scikit-learn's `IsotonicRegression(out_of_bounds="clip")`.
 */
export function isotonicCalibration({ scores, labels }: Scored): (score: number) => number {
  const { values, means, weights } = distinctScores(scores, labels);
  const rates = isotonicMeans(means, weights);
  return (score) => interpolate(values, rates, score);
}

function distinctScores(scores: readonly number[], labels: readonly number[]) {
  const order = Uint32Array.from(scores.keys()).sort((a, b) => (scores[a] ?? 0) - (scores[b] ?? 0));
  const [values, means, weights]: [number[], number[], number[]] = [[], [], []];
  for (let start = 0; start < order.length; ) {
    const score = scores[order[start] ?? 0] ?? 0;
    let end = start;
    let positives = 0;
    for (; end < order.length && scores[order[end] ?? 0] === score; end++) positives += labels[order[end] ?? 0] ?? 0;
    values.push(score);
    means.push(positives / (end - start));
    weights.push(end - start);
    start = end;
  }
  return { values, means, weights };
}

function interpolate(at: readonly number[], values: readonly number[], x: number): number {
  let [low, high] = [0, at.length - 1];
  if (x <= (at[low] ?? 0)) return values[low] ?? 0;
  if (x >= (at[high] ?? 0)) return values[high] ?? 0;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if ((at[middle] ?? 0) <= x) low = middle;
    else high = middle;
  }
  const [x0, x1, y0, y1] = [at[low] ?? 0, at[high] ?? 0, values[low] ?? 0, values[high] ?? 0];
  return y0 + ((x - x0) / (x1 - x0)) * (y1 - y0);
}
