import { describe, expect, it } from 'vitest';
import { parseModel } from '../../../contracts/model-config.ts';
import { BaselineSchema } from '../../../contracts/profile.ts';
import type { Instance } from '../../../contracts/serving.ts';
import { buildBaseline } from '../../../core/profile/baseline.ts';
import { profileBlock } from '../../../core/profile/blocks.ts';
import { mergeProfiles } from '../../../core/profile/merge.ts';

const model = parseModel({
  name: 'orders',
  data: {
    columns: [
      { name: 'placed', kind: 'timestamp' },
      { name: 'amount', kind: 'numeric', nullable: true },
      { name: 'country', kind: 'categorical' },
      { name: 'express', kind: 'boolean' },
      { name: 'late', kind: 'boolean' },
    ],
    target: 'late',
    time: 'placed',
  },
  training: { source: 'src', instances: ['ml.m5.large'] },
  serving: { kind: 'batch', instanceType: 'ml.m5.large' },
});

const rows: Instance[] = [
  { placed: '2001-01-02T23:30:00Z', amount: 10, country: 'US', express: true },
  { placed: '2001-01-01T05:00:00Z', amount: 20, country: 'US', express: false },
  { placed: '2001-01-02T05:10:00Z', amount: null, country: 'DE', express: false },
  { amount: 30, country: 'FR', express: true },
];

describe('buildBaseline', () => {
  it('names features as explanations do and makes a category of booleans, hours and weekdays', () => {
    const { profile } = buildBaseline(model, rows);
    expect(Object.keys(profile.features)).toEqual(['placed.hour', 'placed.weekday', 'amount', 'country', 'express']);
    expect(profile.features.express).toMatchObject({ kind: 'category', values: ['false', 'true'], counts: [2, 2] });
    expect(profile.features['placed.hour']).toMatchObject({ values: ['5', '23'], counts: [2, 1], missing: 1 });
  });

  it('counts weekdays from Monday 0: 2001-01-01 was a Monday', () => {
    const weekday = buildBaseline(model, rows).profile.features['placed.weekday'];
    expect(weekday).toMatchObject({ values: ['1', '0'], counts: [2, 1] });
  });

  it('makes one profile per UTC day, oldest first, and counts undated rows in the whole only', () => {
    const { profile, days } = buildBaseline(model, rows);
    expect(days.map((day) => day.rows)).toEqual([1, 2]);
    expect(profile.rows).toBe(4);
  });

  it('gives days and whole the same bins, so that days add up', () => {
    const dated = rows.slice(0, 3);
    const { profile, days, hours = [] } = buildBaseline(model, dated);
    const whole = profileBlock(profile, profile);
    expect(days.reduce(mergeProfiles)).toEqual(whole);
    expect(hours.reduce(mergeProfiles)).toEqual(whole);
  });

  it('keeps blocks over 50 bins at most, whatever the whole is stored over', () => {
    const many = Array.from({ length: 20_000 }, (_, i) => ({ placed: new Date(i * 60_000).toISOString(), amount: i }));
    const { profile, days, hours } = buildBaseline(model, many);
    expect(profile.features.amount?.counts).toHaveLength(200);
    expect(days).toHaveLength(14);
    expect(days[3]?.features.amount).toMatchObject({ edges: [], sums: [], rows: 1440 });
    expect(days[3]?.features.amount?.counts).toHaveLength(50);
    expect(hours).toHaveLength(334);
  });

  it('counts missing numbers apart and keeps moments of the rest', () => {
    expect(buildBaseline(model, rows).profile.features.amount).toMatchObject({
      kind: 'numeric',
      rows: 4,
      missing: 1,
      sum: 60,
      sumOfSquares: 1400,
      min: 10,
      max: 30,
    });
  });

  it('needs no rows and no time column', () => {
    const { time: _, ...data } = model.data;
    const baseline = buildBaseline({ ...model, data }, []);
    expect(baseline.days).toEqual([]);
    expect(baseline.profile.rows).toBe(0);
    expect(BaselineSchema.parse(baseline)).toEqual(baseline);
  });

  it('survives a trip through JSON unchanged', () => {
    const baseline = buildBaseline(model, rows);
    expect(BaselineSchema.parse(JSON.parse(JSON.stringify(baseline)))).toEqual(baseline);
  });
});
