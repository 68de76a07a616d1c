import type { FeatureProfile } from '../../contracts/profile.ts';
import { levelGrouping } from '../profile/levels.ts';
import { andersonDarling } from './anderson-darling.ts';
import { chiSquare } from './chi-square.ts';
import { cramersV } from './cramers-v.ts';
import { gTest } from './g-test.ts';
import { hellinger } from './hellinger.ts';
import { jensenShannon } from './jensen-shannon.ts';
import { kolmogorovSmirnov } from './kolmogorov-smirnov.ts';
import { kullbackLeibler } from './kullback-leibler.ts';
import { populationStability } from './population-stability.ts';
import { totalOf } from './shares.ts';
import { testedBins } from './tested-bins.ts';
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

/**
 * Every statistic of a feature, by name; those that need an order (`ks`, `ad`, `wasserstein`) of numeric ones only, over the stored
 * bins, the others over as many bins as suit the window's size. All 0 when a side is empty; one that is beyond all numbers is left out.
 */
export function allStatistics(baseline: FeatureProfile, window: FeatureProfile): Record<string, number> {
  const countsOf = levelGrouping(baseline, testedBins(window.rows - window.missing));
  const [before, after] = [countsOf(baseline), countsOf(window)];
  const empty = totalOf(before) === 0 || totalOf(after) === 0;
  const over = (statistic: OverBins, first: readonly number[], second: readonly number[]) =>
    empty ? 0 : statistic(first, second);
  const common = Object.fromEntries(
    Object.entries(ANY_KIND).map(([name, statistic]) => [name, over(statistic, before, after)]),
  );
  if (baseline.kind !== 'numeric' || window.kind !== 'numeric') return common;
  const ordered = {
    ks: over(kolmogorovSmirnov, baseline.counts, window.counts),
    ad: over(andersonDarling, baseline.counts, window.counts),
    wasserstein: wasserstein(baseline, window),
  };
  return { ...common, ...Object.fromEntries(Object.entries(ordered).filter(([, value]) => Number.isFinite(value))) };
}
