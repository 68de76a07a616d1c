import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FeatureProfile, NumericProfile } from '../../../contracts/profile.ts';
import { allStatistics } from '../../../core/drift/statistics.ts';
import { profileNumbers } from '../../../core/profile/numeric.ts';

const EDGES = [-3, 0.5, 1, 7, 20];

/** A numeric profile with `counts[i]` rows of value `EDGES[i]`. */
function rowsAt(counts: readonly number[]): NumericProfile {
  const values = counts.flatMap((count, bin) => new Array<number>(count).fill(EDGES[bin] ?? 0));
  return profileNumbers(EDGES, Float64Array.from(values));
}

const category = (counts: number[], other = 0): FeatureProfile => ({
  kind: 'category',
  values: counts.map((_, index) => `v${index}`),
  counts,
  other,
  rows: counts.reduce((sum, count) => sum + count, other),
  missing: 0,
});

describe('allStatistics', () => {
  // Reference values: scipy 1.17.1 and numpy 2.4.6 on the same counts (spatial.distance.jensenshannon base 2, stats.ks_2samp,
  // stats.wasserstein_distance, stats.chi2_contingency without correction, with lambda_='log-likelihood' for g,
  // stats.contingency.association(method='cramer'), stats.entropy of counts + 0.5 over the six bins, the unnormalised statistic within
  // stats.anderson_ksamp with midranks); psi, Hellinger, TV by their formulas. g also: 2 · rows · scikit-learn 1.9.1's mutual_info_score.
  it('equals scipy on binned data within 1e-9', () => {
    const got = allStatistics(rowsAt([120, 340, 25, 0, 515]), rowsAt([30, 60, 22, 4, 84]));
    const want = {
      js: 0.19087252978501887,
      psi: 0.3550687237910154,
      kl: 0.15827336687824092,
      hellinger: 0.17011893580298287,
      totalVariation: 0.135,
      chi2: 55.75803644371826,
      g: 42.44042395032909,
      cramersV: 0.21555748738971053,
      ks: 0.095,
      ad: 3.261977995976656,
      wasserstein: 1.795,
    };
    expect(Object.keys(got).sort()).toEqual(Object.keys(want).sort());
    for (const [name, value] of Object.entries(want))
      expect(Math.abs((got[name] ?? 0) - value), name).toBeLessThan(1e-9);
  });

  it('has no order to offer for categories, so neither ks, ad nor wasserstein', () => {
    const got = allStatistics(category([5, 5]), category([1, 9]));
    expect(Object.keys(got)).toEqual(['js', 'psi', 'kl', 'hellinger', 'totalVariation', 'chi2', 'g', 'cramersV']);
  });

  it('counts unknown values as a bin of their own', () => {
    expect(allStatistics(category([10, 0]), category([0, 0], 10))).toMatchObject({
      js: 1,
      hellinger: 1,
      totalVariation: 1,
    });
  });

  it('is 0 throughout when a side holds nothing', () => {
    const values = Object.values(allStatistics(rowsAt([1, 2, 3, 4, 5]), rowsAt([0, 0, 0, 0, 0])));
    expect(values.every((value) => value === 0)).toBe(true);
  });

  const counts = fc.array(fc.nat(50), { minLength: 5, maxLength: 5 }).filter((c) => c.some((count) => count > 0));

  it('distances are 0 for equal shares, within [0, 1], and the same both ways round', () => {
    fc.assert(
      fc.property(counts, counts, (a, b) => {
        const [there, back] = [allStatistics(rowsAt(a), rowsAt(b)), allStatistics(rowsAt(b), rowsAt(a))];
        const doubled = allStatistics(rowsAt(a), rowsAt(a.map((count) => 2 * count)));
        for (const name of ['js', 'hellinger', 'totalVariation', 'ks']) {
          expect(there[name]).toBeGreaterThanOrEqual(0);
          expect(there[name]).toBeLessThanOrEqual(1 + 1e-12);
          expect(there[name]).toBeCloseTo(back[name] ?? -1, 12);
          // A root magnifies the rounding of a sum near 0.
          expect(doubled[name]).toBeLessThan(1e-7);
        }
      }),
    );
  });

  it('tests never fall below 0, and Cramér’s V stays within [0, 1]', () => {
    fc.assert(
      fc.property(counts, counts, (a, b) => {
        const got = allStatistics(rowsAt(a), rowsAt(b));
        for (const name of ['kl', 'chi2', 'g', 'ad', 'cramersV']) expect(got[name]).toBeGreaterThanOrEqual(0);
        expect(got.cramersV).toBeLessThanOrEqual(1 + 1e-12);
      }),
    );
  });

  it('wasserstein is the shift itself when all values move by one amount', () => {
    const values = Array.from({ length: 500 }, (_, i) => Math.sin(i) * 10);
    const edges = [-8, -3, 0, 4, 9];
    const at = (shift: number) =>
      profileNumbers(
        edges,
        Float64Array.from(values, (value) => value + shift),
      );
    expect(allStatistics(at(0), at(2.5)).wasserstein).toBeCloseTo(2.5, 9);
  });
});
