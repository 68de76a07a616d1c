import { incompleteBeta } from '../statistics/incomplete-beta.ts';
import { studentTail } from '../statistics/student-t.ts';

/** How often something happened in how many rows. */
export interface Rate {
  readonly count: number;
  readonly rows: number;
}

/** Counts below this are too few for the normal curve. */
const FEW = 25;

/** How much blocks of time (hours, days) differ, and how many of them each side spans. */
export interface BlockEffect {
  /** Variance of the blocks' rates beyond sampling. */
  readonly variance: number;
  readonly baseline: number;
  readonly window: number;
}

/**
 * Two-sided p-value for "both rates are one". Many counts: pooled z, widened by the variance between blocks and
 * then read from Student's curve (Welch–Satterthwaite). Few counts: the exact conditional binomial test (Przyborowski & Wilenski
 * 1940), and the larger p-value of the two when blocks differ.
 */
export function rateTest(baseline: Rate, window: Rate, blocks: BlockEffect): number {
  const total = baseline.rows + window.rows;
  const both = baseline.count + window.count;
  if (both === 0 || both === total || baseline.rows === 0 || window.rows === 0) return 1;
  if (both > total / 2) return rateTest(complement(baseline), complement(window), blocks);
  const byCurve = curveTest(baseline, window, blocks);
  if (both * Math.min(baseline.rows, window.rows) >= FEW * total) return byCurve;
  const exact = exactTest(window.count, both, window.rows / total);
  return blocks.variance > 0 ? Math.max(exact, byCurve) : exact;
}

const complement = ({ count, rows }: Rate): Rate => ({ count: rows - count, rows });

function curveTest(baseline: Rate, window: Rate, blocks: BlockEffect): number {
  const pooled = (baseline.count + window.count) / (baseline.rows + window.rows);
  const sampling = pooled * (1 - pooled) * (1 / baseline.rows + 1 / window.rows);
  const between = blocks.variance * (1 / Math.max(1, blocks.baseline) + 1 / Math.max(1, blocks.window));
  const degrees =
    between > 0 ? ((blocks.baseline - 1) * (sampling + between) ** 2) / between ** 2 : Number.POSITIVE_INFINITY;
  const change = window.count / window.rows - baseline.count / baseline.rows;
  return 2 * studentTail(Math.abs(change) / Math.sqrt(sampling + between), degrees);
}

/** Variance of blocks' rates beyond what sampling gives (method of moments); 0 when they agree as well as chance lets them. */
export function varianceOfBlocks(blocks: readonly Rate[]): number {
  const counted = blocks.filter(({ rows }) => rows > 0);
  if (counted.length < 2) return 0;
  const rates = counted.map(({ count, rows }) => count / rows);
  const mean = rates.reduce((sum, rate) => sum + rate, 0) / rates.length;
  const spread = rates.reduce((sum, rate) => sum + (rate - mean) ** 2, 0) / (rates.length - 1);
  const sampling = counted.reduce((sum, { rows }) => sum + (mean * (1 - mean)) / rows, 0) / counted.length;
  return Math.max(0, spread - sampling);
}

/** Two-sided binomial p-value by doubling the smaller tail. */
function exactTest(successes: number, trials: number, probability: number): number {
  const upper = binomialTail(successes, trials, probability);
  const lower = binomialTail(trials - successes, trials, 1 - probability);
  return Math.min(1, 2 * Math.min(upper, lower));
}

/** P(X ≥ k) of a binomial variable. */
function binomialTail(k: number, trials: number, probability: number): number {
  return k <= 0 ? 1 : incompleteBeta(probability, k, trials - k + 1);
}
