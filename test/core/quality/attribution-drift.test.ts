import { describe, expect, it } from 'vitest';
import { attributionDrift, rankAgreement } from '../../../core/quality/attribution-drift.ts';
import { seededRandom } from '../../../core/statistics/random.ts';

/** Sums of one day: `means` per row, each off by up to `noise` of itself. */
function day(means: readonly number[], noise: number, seed: number, rows = 500) {
  const random = seededRandom(seed);
  return { rows, sums: means.map((mean) => rows * mean * (1 + noise * (2 * random() - 1))) };
}
const MEANS = [0.5, 0.3, 0.29, 0.1, 0.01];
const NAMES = ['a', 'b', 'c', 'd', 'e'];
const reference = (noise: number, days: number) => {
  const all = Array.from({ length: days }, (_, index) => day(MEANS, noise, index));
  const sums = MEANS.map((_, feature) => all.reduce((sum, one) => sum + (one.sums[feature] ?? 0), 0));
  return { names: NAMES, whole: { rows: 500 * days, sums }, days: all };
};

describe('rankAgreement', () => {
  it('is scikit-learn’s NDCG', () => {
    // scikit-learn 1.9.1: ndcg_score([a], [b], ignore_ties=True)
    const a = [0.5, 0.3, 0.2, 0.1, 0.05];
    expect(Math.abs(rankAgreement(a, [0.1, 0.4, 0.2, 0.15, 0.01]) - 0.8346552375556274)).toBeLessThan(1e-12);
    expect(rankAgreement(a, a)).toBe(1);
    const reversed = a.map((value) => -value);
    expect(Math.abs(rankAgreement(a, reversed) - 0.6290115366108918)).toBeLessThan(1e-12);
  });

  it('is 1 when nothing matters', () => {
    expect(rankAgreement([0, 0], [1, 2])).toBe(1);
  });
});

describe('attributionDrift', () => {
  it('finds a model that leans on another feature, and names it', () => {
    const found = attributionDrift(reference(0.05, 20), [day([0.05, 0.3, 0.29, 0.1, 0.6], 0.05, 99)], 1);
    expect(found?.verdict).toBe('drift');
    expect(found?.message).toContain('most moved e');
    expect(found?.features[0]).toMatchObject({ name: 'a' });
  });

  it('allows what the reference’s days allow: neighbours that change places', () => {
    const ways = [
      [0.5, 0.29, 0.3, 0.1, 0.01],
      [0.5, 0.3, 0.29, 0.1, 0.01],
    ].map((means) => attributionDrift(reference(0.2, 20), [day(means, 0, 99)], 1));
    expect(ways.map((found) => found?.verdict)).toEqual(['none', 'none']);
    expect(Math.min(...ways.map((found) => found?.agreement ?? 1))).toBeLessThan(1);
  });

  it('is silent on windows without drift in all but about one of two hundred', () => {
    const calm = reference(0.3, 30);
    const alarms = Array.from({ length: 300 }, (_, i) => attributionDrift(calm, [day(MEANS, 0.3, 1000 + i)], 1)).filter(
      (found) => found?.verdict === 'drift',
    );
    expect(alarms.length).toBeLessThanOrEqual(6);
  });

  it('uses the fixed bound without days, and judges neither few rows nor none', () => {
    const bare = { ...reference(0.05, 20), days: [] };
    expect(attributionDrift(bare, [day([0.5, 0.1, 0.29, 0.3, 0.01], 0, 1)], 1)?.verdict).toBe('none');
    expect(attributionDrift(bare, [day([0.01, 0.1, 0.29, 0.3, 0.5], 0, 1)], 1)?.verdict).toBe('drift');
    expect(attributionDrift(bare, [day(MEANS, 0, 1, 150)], 1)?.verdict).toBe('too-little-data');
    expect(attributionDrift(bare, [day(MEANS, 0, 1, 0)], 1)).toBeNull();
    expect(attributionDrift(null, [day(MEANS, 0, 1)], 1)).toBeNull();
  });
});
