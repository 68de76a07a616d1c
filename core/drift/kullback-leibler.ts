import { totalOf } from './shares.ts';

/** Added to every bin of both sides (Jeffreys' prior), so that an empty bin makes no infinity. */
const PSEUDO_COUNT = 0.5;

/**
 * Kullback–Leibler divergence of the window from the baseline in nats: Σ q ln(q / p), q the window's and p the baseline's shares
 * after half a row was added to every bin of both (Kullback & Leibler 1951; Krichevsky & Trofimov 1981). 0: equal; no upper end;
 * not the same the other way round.
 */
export function kullbackLeibler(baseline: readonly number[], window: readonly number[]): number {
  const [before, after] = [smoothedTotal(baseline), smoothedTotal(window)];
  const sum = baseline.reduce((total, count, bin) => {
    const q = ((window[bin] ?? 0) + PSEUDO_COUNT) / after;
    return total + q * Math.log((q * before) / (count + PSEUDO_COUNT));
  }, 0);
  return Math.max(0, sum);
}

const smoothedTotal = (counts: readonly number[]) => totalOf(counts) + PSEUDO_COUNT * counts.length;
