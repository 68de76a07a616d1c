import { describe, expect, it } from 'vitest';
import type { Baseline, Pairs, Profile } from '../../../contracts/profile.ts';
import { blocksFor, NO_BLOCKS } from '../../../core/drift/blocks.ts';
import { compareProfiles, summarise } from '../../../core/drift/compare-profiles.ts';
import { jointChanges } from '../../../core/drift/joint-changes.ts';
import { kurtosisOf } from '../../../core/drift/kurtosis.ts';
import { correlationOf, momentsOf } from '../../../core/drift/pair-moments.ts';
import { principalSubspace, reconstructionError } from '../../../core/drift/principal-subspace.ts';
import { simes } from '../../../core/drift/simes.ts';
import { quantileEdges } from '../../../core/profile/edges.ts';
import { profileNumbers } from '../../../core/profile/numeric.ts';
import { type Random, seededRandom } from '../../../core/statistics/random.ts';

type Rows = readonly (readonly number[])[];
const NAMES = ['a', 'b', 'c', 'd'];

function pairsOf(rows: Rows, centers: readonly number[], scales: readonly number[]): Pairs {
  const scaled = rows.map((row) =>
    row.map((value, i) => Math.max(-6, Math.min(6, (value - (centers[i] ?? 0)) / (scales[i] ?? 1)))),
  );
  const total = (of: (row: readonly number[]) => number) => scaled.reduce((sum, row) => sum + of(row), 0);
  return {
    names: NAMES,
    centers: [...centers],
    scales: [...scales],
    rows: rows.length,
    sums: NAMES.map((_, i) => total((row) => row[i] ?? 0)),
    products: NAMES.flatMap((_, i) => NAMES.slice(i).map((__, k) => total((row) => (row[i] ?? 0) * (row[i + k] ?? 0)))),
  };
}

/** Deterministic rows that numpy makes alike. */
const waves = (count: number, bend: number, shift = 0): Rows =>
  Array.from({ length: count }, (_, i) => {
    const a = Math.sin(i * 1.7);
    const b = Math.sin(i * 0.9 + bend * a);
    const c = 0.6 * a + Math.cos(i * 2.3);
    return [a, b, c, 0.5 * b - 0.4 * c + Math.sin(i * 3.1) + shift];
  });

const SUBSPACE = {
  components: 2,
  explained: 0.7533896759879259,
  baseline: 0.9864412960482969,
  window: 1.1098248800830541,
};
/** Of the pair that changed most. */
const FISHER = {
  pair: ['a', 'c'],
  before: 0.5109794193723163,
  after: 0.47862441068861783,
  effect: 0.042855983194833414,
  pValue: 0.775684215920425,
};
const KURTOSIS = 6.745491053820503;

const CENTERS = [0.1, -0.2, 0, 0.3];
const SCALES = [1, 2, 0.5, 1.5];

const momentsFrom = (rows: Rows) => {
  const moments = momentsOf(pairsOf(rows, CENTERS, SCALES));
  if (moments === undefined) throw new Error('expected rows');
  return moments;
};

describe('reconstruction error', () => {
  // scikit-learn 1.9.1: PCA of the standardised 200 rows, components up to 70 % of the variance; mean squared distance of rows from
  // inverse_transform(transform(row)), of the 200 rows and of 60 others.
  it('equals that of scikit-learn’s PCA from second moments alone', () => {
    const subspace = principalSubspace(momentsFrom(waves(200, 0.8)));
    if (subspace === undefined) throw new Error('expected a subspace');
    expect(subspace.components).toHaveLength(SUBSPACE.components);
    expect(subspace.explained).toBeCloseTo(SUBSPACE.explained, 9);
    expect(reconstructionError(subspace, momentsFrom(waves(200, 0.8)))).toBeCloseTo(SUBSPACE.baseline, 9);
    expect(reconstructionError(subspace, momentsFrom(waves(60, 2, 0.3)))).toBeCloseTo(SUBSPACE.window, 9);
  });

  it('needs three features that vary', () => {
    const flat = waves(200, 0.8).map(([a = 0, b = 0]) => [a, b, 3, 4]);
    expect(principalSubspace(momentsFrom(flat))).toBeUndefined();
  });

  it('expects of new rows a little more error than the fitted rows have, and the less the more rows there were', () => {
    const errors = [100, 10_000].map((count) => {
      const moments = momentsFrom(waves(count, 0.8));
      const subspace = principalSubspace(moments);
      if (subspace === undefined) throw new Error('expected a subspace');
      return subspace.expectedError - reconstructionError(subspace, moments);
    });
    expect(errors[1]).toBeGreaterThan(0);
    expect(errors[0]).toBeGreaterThan(10 * (errors[1] ?? 0));
  });
});

describe('correlation of pairs', () => {
  // numpy 2.4.6 corrcoef, and scipy 1.17.1: 2 · norm.sf(|atanh r₂ − atanh r₁| / √(1/197 + 1/57)).
  it('is numpy’s, and its change is tested by Fisher’s z', () => {
    expect(correlationOf(momentsFrom(waves(200, 0.8)), 0, 2)).toBeCloseTo(FISHER.before, 12);
    const window: Profile = { version: 1, rows: 60, features: {}, pairs: pairsOf(waves(60, 2, 0.3), CENTERS, SCALES) };
    const baseline: Baseline = {
      profile: { version: 1, rows: 200, features: {}, pairs: pairsOf(waves(200, 0.8), CENTERS, SCALES) },
      days: [],
      importance: {},
    };
    const first = jointChanges(baseline, window, NO_BLOCKS).correlations.find(
      ({ features }) => features.join() === FISHER.pair.join(),
    );
    expect(first?.window).toBeCloseTo(FISHER.after, 12);
    expect(first?.effect).toBeCloseTo(FISHER.effect, 12);
    expect(first?.pValue).toBeCloseTo(FISHER.pValue, 9);
  });

  it('says nothing of a constant feature, of profiles without pairs, or over other features', () => {
    const flat = momentsFrom(waves(50, 1).map(([a = 0]) => [a, 1, 2, 3]));
    expect(correlationOf(flat, 0, 1)).toBeUndefined();
    const without: Profile = { version: 1, rows: 10, features: {} };
    const pairs = pairsOf(waves(50, 1), CENTERS, SCALES);
    const withPairs: Profile = { ...without, pairs };
    const other: Profile = { ...without, pairs: { ...pairs, names: ['a', 'b', 'c', 'e'] } };
    for (const window of [without, other])
      expect(jointChanges({ profile: withPairs, days: [], importance: {} }, window, NO_BLOCKS)).toEqual({
        correlations: [],
        reconstruction: undefined,
      });
  });
});

describe('kurtosisOf', () => {
  // scipy.stats.kurtosis (1.17.1, fisher=False) of the same 200 values.
  it('equals scipy where bins hold one value each', () => {
    const values = [[-2, 30] as const, [0, 100] as const, [1, 60] as const, [5, 10] as const].flatMap(
      ([value, count]) => new Array<number>(count).fill(value),
    );
    expect(kurtosisOf(profileNumbers([-2, 0, 1, 5], Float64Array.from(values)), 0, 1)).toBeCloseTo(KURTOSIS, 9);
  });

  it('is 3 for a feature that holds nothing', () => {
    expect(kurtosisOf(profileNumbers([0], new Float64Array()), 0, 1)).toBe(3);
  });
});

describe('simes', () => {
  it('is the least of n p₍ᵢ₎ / i: of .01, .02, .5 it is 3/2 · .02', () => {
    expect(simes([0.5, 0.02, 0.01])).toBeCloseTo(0.03, 12);
    expect(simes([])).toBe(1);
    expect(simes([0.7])).toBe(0.7);
  });
});

const normal = (random: Random) => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

/** Four standard normal features; a and b, and b and d, correlate by `ab` and `bd`. Margins never change. */
function together(count: number, seed: number, { ab = 0.7, bd = 0.5, mood = 0 } = {}): Rows {
  const random = seededRandom(seed);
  const day = mood * normal(random);
  return Array.from({ length: count }, () => {
    const b = normal(random);
    const mix = (r: number) => r * b + Math.sqrt(1 - r * r) * normal(random);
    return [mix(ab) + day, b, normal(random), mix(bd)];
  });
}

const training = together(20_000, 1);
const EDGES = NAMES.map((_, i) => quantileEdges(Float64Array.from(training, (row) => row[i] ?? 0)));

function profileOf(rows: Rows): Profile {
  const features = NAMES.map((name, i) => [
    name,
    profileNumbers(
      EDGES[i] ?? [],
      Float64Array.from(rows, (row) => row[i] ?? 0),
    ),
  ]);
  return {
    version: 1,
    rows: rows.length,
    features: Object.fromEntries(features),
    pairs: pairsOf(rows, [0, 0, 0, 0], [1, 1, 1, 1]),
  };
}

const baseline: Baseline = { profile: profileOf(training), days: [], importance: {} };
const settings = { falseAlarmsPerMonth: 1, windowHours: 24, effectFloor: 0.02, minimumRows: 500, notComparable: [] };
const compare = (rows: Rows) => compareProfiles(baseline, profileOf(rows), settings, 1, { intervals: false });

describe('compareProfiles on changes that no single feature shows', () => {
  it('finds a correlation that broke, names the pair with both correlations, and sees no feature drift', () => {
    const report = compare(together(3000, 2, { ab: 0.1 }));
    expect(report.verdict).toBe('drift');
    expect(report.features.some(({ drifted }) => drifted)).toBe(false);
    expect(report.correlations?.[0]).toMatchObject({ features: ['a', 'b'], drifted: true });
    expect(report.correlations?.[0]?.message).toMatch(
      /^correlation of a and b fell from 0\.(69|70|71) to 0\.(0[5-9]|1[0-5])$/,
    );
    expect(report.multivariate?.drifted).toBe(true);
    expect(summarise(report)).toMatch(/^no single feature drifted in 3000 rows, but correlation of a and b fell/);
  });

  it('leaves alone what stayed: other pairs of the same window, and windows of the same source', () => {
    const broken = compare(together(3000, 3, { ab: 0.1 }));
    const others = (broken.correlations ?? []).filter(
      ({ features }) => features.join() === 'b,c' || features.join() === 'b,d',
    );
    expect(others.map(({ drifted }) => drifted)).toEqual([false, false]);
    const quiet = Array.from({ length: 40 }, (_, seed) => compare(together(1000, 100 + seed)));
    // At most 5 of 40 at 3.3 % a window for everything together: the binomial 99.5 % point.
    expect(quiet.filter(({ verdict }) => verdict === 'drift').length).toBeLessThanOrEqual(5);
  });

  it('calls a correlation that moved by less than the floor too small, however many rows', () => {
    const report = compare(together(60_000, 4, { bd: 0.55 }));
    const pair = report.correlations?.find(({ features }) => features.join() === 'b,d');
    expect(pair?.drifted).toBe(false);
    expect(pair?.message).toMatch(/too small to count \(effect 0\.0\d+, floor 0\.1\)$/);
  });

  it('has no verdict below the minimum of rows', () => {
    const report = compare(together(300, 5, { ab: 0.1 }));
    expect(report.verdict).toBe('too-little-data');
    expect(report.correlations?.some(({ drifted }) => drifted)).toBe(false);
    expect(report.multivariate?.drifted).toBe(false);
  });
});

describe('joint changes with days', () => {
  it('know that days of different moods say less than as many independent rows, with sums of pairs in the days or without', () => {
    const days = Array.from({ length: 28 }, (_, day) => profileOf(together(500, 200 + day, { mood: 0.5 })));
    const moody: Baseline = { ...baseline, days };
    const window = profileOf(together(2000, 999, { mood: 0.5 }));
    const withDays = jointChanges(moody, window, blocksFor(moody, 24));
    const without = jointChanges(baseline, window, NO_BLOCKS);
    const designed = jointChanges(
      moody,
      window,
      { ...blocksFor(moody, 24), window: days.map(({ version, rows, features }) => ({ version, rows, features })) },
      new Map(NAMES.map((name) => [name, 30])),
    );
    const width = ([low, high]: readonly [number, number] = [0, 0]) => high - low;
    for (const knowing of [withDays, designed])
      expect(width(knowing.reconstruction?.interval)).toBeGreaterThan(1.5 * width(without.reconstruction?.interval));
    expect(width(designed.correlations[0]?.interval)).toBeGreaterThan(2 * width(without.correlations[0]?.interval));
  });
});
