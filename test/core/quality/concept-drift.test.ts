import { describe, expect, it } from 'vitest';
import { drawWorld, type Shift } from '../../../bench/quality-goals/world.ts';
import { assessConceptDrift } from '../../../core/quality/concept-drift.ts';
import { countRows, referenceOf } from './counted.ts';

const { reference, random } = referenceOf(20_000, 6);
const SETTINGS = { metric: 'auc', margin: 0.01, minimumLabels: 500 } as const;

const daysOf = (count: number, rows: number, shift: Shift = {}) =>
  Array.from({ length: count }, (_, day) => ({
    day,
    counts: countRows(reference, drawWorld(random, rows, shift), { day }),
  }));

describe('assessConceptDrift', () => {
  it('finds that inputs no longer mean what they meant, and where', () => {
    const drift = assessConceptDrift(reference, daysOf(7, 900, { concept: 0.5 }), SETTINGS);
    expect(drift.verdict).toBe('concept-drift');
    expect(drift.z).toBeLessThan(-3.4);
    expect(drift.gap).toBeLessThan(-0.04);
    expect(drift.interval?.[1]).toBeLessThan(0);
    expect(drift.labels).toBe(6_300);
    // The world turned along `a` and `c`.
    expect(drift.evidence.some((line) => /^[ac] /.test(line))).toBe(true);
    expect(drift.message).toContain('review features and target');
  });

  it('stays quiet when only inputs shift, although realised quality changes', () => {
    const drift = assessConceptDrift(reference, daysOf(10, 500, { covariate: 0.4 }), SETTINGS);
    expect(drift.verdict).toBe('none');
    expect(drift.support).toBeGreaterThan(0.3);
    expect(drift.evidence).toEqual([]);
  });

  it('cannot separate the two when hardly any held-out row looks like the window', () => {
    const drift = assessConceptDrift(reference, daysOf(7, 500, { covariate: 1.3, concept: 0.5 }), SETTINGS);
    expect(drift.verdict).toBe('cannot-separate');
    expect(drift.support).toBeLessThan(0.15);
    expect(drift.message).toContain('gather labels');
  });

  it('says nothing about a gap below the margin, however sure', () => {
    const drift = assessConceptDrift(reference, daysOf(7, 900, { concept: 0.5 }), { ...SETTINGS, margin: 0.2 });
    expect(drift.z).toBeLessThan(-3.4);
    expect(drift.verdict).toBe('none');
  });

  it('has too little data without enough labels', () => {
    const unlabelled = { day: 0, counts: countRows(reference, drawWorld(random, 900), { labelled: () => false }) };
    expect(assessConceptDrift(reference, [unlabelled], SETTINGS)).toMatchObject({
      verdict: 'too-little-data',
      labels: 0,
      gap: null,
      support: null,
    });
    expect(assessConceptDrift(reference, daysOf(2, 100), SETTINGS).verdict).toBe('too-little-data');
    expect(assessConceptDrift(reference, [], SETTINGS).verdict).toBe('too-little-data');
  });

  it('looks at the last seven days for the gap, and at all for the CUSUM', () => {
    const broken = daysOf(7, 500, { concept: 0.5 });
    const healed = daysOf(7, 500).map(({ counts }, index) => ({ day: 7 + index, counts }));
    const drift = assessConceptDrift(reference, [...healed, ...broken], SETTINGS);
    expect(drift.labels).toBe(3_500);
    expect(drift.z).toBeGreaterThan(-3.4);
    expect(drift.cusum).toBeGreaterThan(0);
  });
});
