import type { Random } from '../statistics/random.ts';
import { jensenShannonDivergence } from './jensen-shannon.ts';
import { sample } from './null-model.ts';
import { sharesOf, totalOf } from './shares.ts';

const DRAWS = 200;

/**
 * A 95 % interval of the Jensen–Shannon distance: basic bootstrap of the divergence (Davison & Hinkley 1997, §5.2), which takes off
 * the upward bias that sampling gives it. `inflation` is how much wider than for independent rows the null was; the rows are worth
 * that many times less.
 */
export function effectInterval(
  baseline: readonly number[],
  window: readonly number[],
  inflation: number,
  random: Random,
): [number, number] {
  const [before, after] = [sharesOf(baseline), sharesOf(window)];
  const [rowsBefore, rowsAfter] = [totalOf(baseline) / inflation, totalOf(window) / inflation];
  if (rowsBefore === 0 || rowsAfter === 0) return [0, 1];
  const observed = jensenShannonDivergence(before, after);
  const draws = Array.from({ length: DRAWS }, () =>
    jensenShannonDivergence(sharesOf(sample(before, rowsBefore, random)), sharesOf(sample(after, rowsAfter, random))),
  ).sort((a, b) => a - b);
  const bound = (share: number) => 2 * observed - (draws[Math.round(share * (DRAWS - 1))] ?? observed);
  return [distanceOf(bound(0.975)), distanceOf(bound(0.025))];
}

const distanceOf = (divergence: number) => Math.sqrt(Math.min(1, Math.max(0, divergence)));
