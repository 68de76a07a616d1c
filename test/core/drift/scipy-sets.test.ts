import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { FeatureProfile } from '../../../contracts/profile.ts';
import { compareProfiles } from '../../../core/drift/compare-profiles.ts';
import { allStatistics } from '../../../core/drift/statistics.ts';

// Twenty pairs of samples and what scipy 1.17.1 says of their counts; scipy_sets.py beside this file made them.
const [header = '', ...lines] = readFileSync(join(import.meta.dirname, 'scipy-sets.csv'), 'utf8')
  .trimEnd()
  .split('\n');
const NAMES = header.split(',').slice(3);
const ORDERED = ['ks', 'wasserstein'];
/** These two are compared over stored bins of numbers, the others over bins that hold about equal shares, so over categories. */
const SETS = lines.map((line) => {
  const [kind = '', before = '', after = '', ...values] = line.split(',');
  const counts = (text: string) => text.split(' ').map(Number);
  return {
    kind,
    before: counts(before),
    after: counts(after),
    scipy: new Map(NAMES.map((name, index) => [name, Number(values[index])])),
  };
});

const total = (counts: readonly number[]) => counts.reduce((sum, count) => sum + count, 0);

function category(counts: readonly number[]): FeatureProfile {
  const values = counts.map((_, index) => `v${index}`);
  return { kind: 'category', values, counts: [...counts], other: 0, rows: total(counts), missing: 0 };
}

/** Bin i holds rows of the value i. */
function numeric(counts: readonly number[]): FeatureProfile {
  const sums = counts.map((count, value) => count * value);
  return {
    kind: 'numeric',
    edges: counts.slice(1).map((_, index) => index + 1),
    counts: [...counts],
    sums,
    rows: total(counts),
    missing: 0,
    sum: total(sums),
    sumOfSquares: total(counts.map((count, value) => count * value ** 2)),
    min: 0,
    max: counts.length - 1,
  };
}

const close = (a: number, b: number) => Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(b));

describe('twenty pairs of samples', () => {
  it('have the statistics that scipy gives', () => {
    for (const [index, { before, after, scipy }] of SETS.entries()) {
      const [unordered, ordered] = [
        allStatistics(category(before), category(after)),
        allStatistics(numeric(before), numeric(after)),
      ];
      for (const [name, want] of scipy) {
        if (name === 'pValue') continue;
        const got = (ORDERED.includes(name) ? ordered : unordered)[name] ?? Number.NaN;
        expect(close(got, want), `${name} of set ${index}: ${got}, scipy ${want}`).toBe(true);
      }
    }
  });

  it('have the verdicts that scipy’s χ² test suggests, where that leaves no doubt', () => {
    let judged = 0;
    for (const [index, { kind, before, after, scipy }] of SETS.entries()) {
      const profileOf = kind === 'numeric' ? numeric : category;
      const [p = 1, js = 0] = [scipy.get('pValue'), scipy.get('js')];
      if (p < 0.1 && !(p < 1e-6 && js > 0.05)) continue;
      judged += 1;
      const { verdict } = compareProfiles(
        { profile: { version: 1, rows: total(before), features: { x: profileOf(before) } }, days: [], importance: {} },
        { version: 1, rows: total(after), features: { x: profileOf(after) } },
        { falseAlarmsPerMonth: 1, windowHours: 24, effectFloor: 0.02, minimumRows: 1000, notComparable: [] },
        1,
        { intervals: false },
      );
      expect(verdict, `set ${index}: p ${p}`).toBe(p < 1e-6 ? 'drift' : 'none');
    }
    expect(judged).toBeGreaterThanOrEqual(16);
  });
});
