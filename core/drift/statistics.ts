import type { FeatureProfile } from '../../contracts/profile.ts';
import { andersonDarling } from './anderson-darling.ts';
import { chiSquare } from './chi-square.ts';
import { cramersV } from './cramers-v.ts';
import { gTest } from './g-test.ts';
import { hellinger } from './hellinger.ts';
import { jensenShannon } from './jensen-shannon.ts';
import { kolmogorovSmirnov } from './kolmogorov-smirnov.ts';
import { kullbackLeibler } from './kullback-leibler.ts';
import { populationStability } from './population-stability.ts';
import { binCounts, totalOf } from './shares.ts';
import { totalVariation } from './total-variation.ts';
import { wasserstein } from './wasserstein.ts';

type OverBins = (baseline: readonly number[], window: readonly number[]) => number;

/** Statistics that need no order of the bins. */
const ANY_KIND = {
  js: jensenShannon,
  psi: populationStability,
  kl: kullbackLeibler,
  hellinger,
  totalVariation,
  chi2: chiSquare,
  g: gTest,
  cramersV,
} as const satisfies Record<string, OverBins>;

/** Every statistic of a feature, by name; those that need an order (`ks`, `ad`, `wasserstein`) of numeric ones only. All 0 when a side is empty. */
export function allStatistics(baseline: FeatureProfile, window: FeatureProfile): Record<string, number> {
  const [before, after] = [binCounts(baseline), binCounts(window)];
  const empty = totalOf(before) === 0 || totalOf(after) === 0;
  const measure = (statistic: OverBins) => (empty ? 0 : statistic(before, after));
  const common = Object.fromEntries(Object.entries(ANY_KIND).map(([name, statistic]) => [name, measure(statistic)]));
  if (baseline.kind !== 'numeric' || window.kind !== 'numeric') return common;
  return {
    ...common,
    ks: measure(kolmogorovSmirnov),
    ad: measure(andersonDarling),
    wasserstein: wasserstein(baseline, window),
  };
}
