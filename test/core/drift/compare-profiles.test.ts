import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Feature } from '../../../contracts/features.ts';
import { DriftReportSchema } from '../../../contracts/profile.ts';
import type { Instance } from '../../../contracts/serving.ts';
import { compareProfiles, summarise } from '../../../core/drift/compare-profiles.ts';
import type { DriftSettings } from '../../../core/drift/settings.ts';
import { buildBaseline } from '../../../core/profile/baseline.ts';
import { profileRows } from '../../../core/profile/profile-rows.ts';
import { type Random, seededRandom } from '../../../core/statistics/random.ts';

const features: Feature[] = [
  { kind: 'numeric', column: 'delay' },
  { kind: 'numeric', column: 'distance' },
  { kind: 'category', column: 'origin' },
];
const model = { features, data: { columns: [] } };
const dated = { features, data: { columns: [], time: 'at' } };

const settings: DriftSettings = {
  falseAlarmsPerMonth: 1,
  windowHours: 24,
  effectFloor: 0.02,
  minimumRows: 1000,
  notComparable: [],
};

const normal = (random: Random) => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

const row = (random: Random): Instance => ({
  delay: 5 + 2 * normal(random),
  distance: 500 + 100 * normal(random),
  origin: ['ORD', 'JFK', 'SFO', 'LAX'][Math.floor(4 * random() ** 2)] ?? 'ORD',
});

const rows = (count: number, seed: number, change: (row: Instance, random: Random) => Instance = (r) => r) => {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => change(row(random), random));
};

const baseline = buildBaseline(model, rows(20_000, 1));

function compare(window: readonly Instance[], changed: Partial<DriftSettings> = {}, seed = 1) {
  const profile = profileRows(baseline.profile, model, window);
  return compareProfiles(baseline, profile, { ...settings, ...changed }, seed);
}

const named = (report: ReturnType<typeof compare>, name: string) => {
  const feature = report.features.find((candidate) => candidate.name === name);
  if (feature === undefined) throw new Error(`expected a feature ${name}`);
  return feature;
};

describe('compareProfiles', () => {
  it('gives a document of the published shape, the same one for the same arguments', () => {
    const window = rows(2000, 2);
    expect(DriftReportSchema.parse(compare(window))).toEqual(compare(window));
  });

  it('finds no drift in a window from the same source', () => {
    const report = compare(rows(5000, 3));
    expect(report.verdict).toBe('none');
    expect(summarise(report)).toBe('no drift in 5000 rows: 3 features compared');
  });

  it('flags about the budgeted 3.3 % of windows without drift: of 100 at most 7, the binomial 98 % point', () => {
    const flagged = Array.from({ length: 100 }, (_, i) => compare(rows(1000, 1000 + i), { effectFloor: 0 }, i));
    expect(flagged.filter(({ verdict }) => verdict === 'drift').length).toBeLessThanOrEqual(7);
  });

  it('finds a shifted mean, names it first and says it in plain words', () => {
    const report = compare(rows(3000, 4, (r) => ({ ...r, delay: Number(r.delay) - 1 })));
    expect(report.verdict).toBe('drift');
    expect(report.features[0]).toMatchObject({ name: 'delay', drifted: true, rank: 1 });
    expect(report.features[0]?.message).toMatch(/^mean delay fell from 5\.0?\d* to (3\.9|4)/);
    expect(named(report, 'distance').drifted).toBe(false);
    expect(summarise(report)).toMatch(/^1 of 3 features drifted \(33\.3 %\) in 3000 rows; foremost: mean delay fell/);
  });

  it('finds a changed spread, a changed mix and a value never seen before', () => {
    const spread = compare(rows(3000, 5, (r) => ({ ...r, distance: 500 + 2 * (Number(r.distance) - 500) })));
    expect(named(spread, 'distance').message).toMatch(
      /^spread \(standard deviation\) of distance rose from 9\d|^spread.* from 100/,
    );
    const mix = compare(rows(3000, 6, (r, random) => (random() < 0.2 ? { ...r, origin: 'LAX' } : r)));
    expect(named(mix, 'origin').message).toMatch(/^share of origin LAX rose from 1\d\.?\d* % to [23]\d/);
    const unseen = compare(rows(3000, 7, (r, random) => (random() < 0.1 ? { ...r, origin: 'HNL' } : r)));
    expect(named(unseen, 'origin')).toMatchObject({ drifted: true });
    expect(named(unseen, 'origin').newCategories).toBeGreaterThan(200);
  });

  it('finds values that went missing', () => {
    const report = compare(rows(3000, 8, (r, random) => (random() < 0.05 ? { ...r, delay: null } : r)));
    expect(named(report, 'delay')).toMatchObject({ drifted: true, missing: { baseline: 0 } });
    expect(named(report, 'delay').message).toMatch(/^missing delay rose from 0 % to [456](\.\d+)? %$/);
  });

  it('calls a real but harmless shift of 0.01 standard deviations no drift, however many rows', () => {
    const shifted = rows(200_000, 9, (r) => ({ ...r, delay: Number(r.delay) + 0.02 }));
    expect(compare(shifted).verdict).toBe('none');
  });

  it('says too little data below the minimum, and still shows the numbers', () => {
    const report = compare(rows(300, 10, (r) => ({ ...r, delay: Number(r.delay) - 2 })));
    expect(report.verdict).toBe('too-little-data');
    expect(report.features.every((feature) => !feature.drifted)).toBe(true);
    expect(named(report, 'delay').message).toMatch(/too few rows for a verdict \(fewer than 1000\)$/);
    expect(summarise(report)).toBe('too little data for a verdict: 300 rows, at least 1000 are needed');
  });

  it('ranks by effect times importance, drifted features first', () => {
    const both = rows(3000, 11, (r) => ({ ...r, delay: Number(r.delay) + 1, distance: Number(r.distance) + 60 }));
    const profile = profileRows(baseline.profile, model, both);
    const order = (importance: Record<string, number>) =>
      compareProfiles({ ...baseline, importance }, profile, settings, 1).features.map(({ name }) => name);
    expect(order({ delay: 1, distance: 0.1, origin: 5 })).toEqual(['delay', 'distance', 'origin']);
    expect(order({ delay: 0.1, distance: 1, origin: 5 })).toEqual(['distance', 'delay', 'origin']);
  });

  it('ranks by the money at stake where it was estimated, and shows it', () => {
    const both = rows(3000, 11, (r) => ({ ...r, delay: Number(r.delay) + 1, distance: Number(r.distance) + 60 }));
    const profile = profileRows(baseline.profile, model, both);
    const staked = (stake: Record<string, number>) =>
      compareProfiles({ ...baseline, importance: { delay: 1, distance: 0.1 } }, profile, settings, 1, { stake })
        .features;
    expect(staked({ distance: 900, delay: 20 }).map(({ name, stake }) => [name, stake])).toEqual([
      ['distance', 900],
      ['delay', 20],
      ['origin', undefined],
    ]);
    expect(staked({ distance: 900 })[0]?.name).toBe('distance');
    expect(staked({})[0]?.name).toBe('delay');
  });

  it('carries every test with its q-value, and the threshold it was held to', () => {
    const delay = named(compare(rows(3000, 16)), 'delay');
    expect(delay.tests?.map(({ aspect }) => aspect)).toEqual(['distribution', 'missing', 'unseen']);
    expect(delay.threshold).toEqual({ qValue: compare([]).settings.falseDiscoveryRate, effect: 0.02 });
    expect(delay.bins).toBe(25);
  });

  it('gives the same report with null distributions kept from windows before', () => {
    const cache = new Map<string, readonly number[]>();
    const judged = (seed: number, options: { cache?: Map<string, readonly number[]> }) =>
      compareProfiles(baseline, profileRows(baseline.profile, model, rows(1500 + seed, seed)), settings, 1, options);
    for (const seed of [20, 21, 22]) expect(judged(seed, { cache })).toEqual(judged(seed, {}));
    expect(cache.size).toBe(3);
  });

  it('shows but never tests a feature whose cycle is longer than the window', () => {
    const report = compare(
      rows(3000, 12, (r) => ({ ...r, origin: 'ORD' })),
      { notComparable: ['origin'], windowHours: 1 },
    );
    expect(named(report, 'origin')).toMatchObject({ drifted: false, pValue: 1, qValue: 1 });
    expect(named(report, 'origin').message).toMatch(/not tested, its cycle is longer than a window of 1 h$/);
  });

  it('puts the effect of a shift inside its interval', () => {
    const report = compare(rows(5000, 13, (r) => ({ ...r, delay: Number(r.delay) + 1 })));
    const [low, high] = named(report, 'delay').effect.interval;
    // JS distance of N(0,1) and N(0.5,1), base 2, from normal shares of 50 equal bins by scipy 1.17.1.
    expect(low).toBeLessThan(0.2085);
    expect(high).toBeGreaterThan(0.2085);
    expect(high - low).toBeLessThan(0.04);
  });

  it('survives empty windows and windows without a feature', () => {
    expect(compare([]).verdict).toBe('too-little-data');
    const missing = compare(rows(2000, 14, (r) => ({ distance: r.distance ?? null, origin: r.origin ?? null })));
    expect(named(missing, 'delay')).toMatchObject({ drifted: true, missing: { window: 1 } });
  });
});

describe('compareProfiles with days', () => {
  /** Every day has its own mean delay: rows of one day resemble each other. */
  const daily = (days: number, perDay: number, seed: number) => {
    const random = seededRandom(seed);
    return Array.from({ length: days }, (_, day) => {
      const mean = 5 + normal(random);
      const at = new Date(Date.UTC(2001, 0, 1 + day)).toISOString();
      return Array.from({ length: perDay }, (): Instance => ({ ...row(random), at, delay: mean + 2 * normal(random) }));
    }).flat();
  };
  const withDays = buildBaseline(dated, daily(28, 1000, 1));
  const verdicts = (days: boolean) =>
    Array.from({ length: 30 }, (_, i) => {
      const window = profileRows(withDays.profile, dated, daily(1, 1000, 100 + i));
      return compareProfiles(days ? withDays : { ...withDays, days: [] }, window, settings, i).verdict;
    });

  it('draws whole days, so that one day’s mood is no drift; independent rows would cry wolf', () => {
    expect(verdicts(true).filter((verdict) => verdict === 'drift').length).toBeLessThanOrEqual(4);
    expect(verdicts(false).filter((verdict) => verdict === 'drift').length).toBeGreaterThan(15);
  });

  it('still finds a day that is unlike all others', () => {
    const window = profileRows(
      withDays.profile,
      dated,
      rows(1000, 77, (r) => ({ ...r, delay: Number(r.delay) + 8 })),
    );
    const report = compareProfiles(withDays, window, settings, 1);
    expect(report.settings.null).toBe('day-blocks');
    expect(report.features[0]).toMatchObject({ name: 'delay', drifted: true });
  });
});

describe('compareProfiles with hours', () => {
  /** Delay rises towards the evening: by two standard deviations between the best hour and the worst. */
  const hourly = (hours: number, perHour: number, seed: number, first = 0, shift = 0) => {
    const random = seededRandom(seed);
    return Array.from({ length: hours }, (_, hour) => {
      const at = new Date(Date.UTC(2001, 0, 1, first + hour)).toISOString();
      const mean = 5 + 2 * Math.sin((2 * Math.PI * (first + hour)) / 24) + shift;
      return Array.from(
        { length: perHour },
        (): Instance => ({ ...row(random), at, delay: mean + 2 * normal(random) }),
      );
    });
  };
  const built = buildBaseline(dated, hourly(240, 100, 1).flat());
  const hours = hourly(240, 100, 1).map((hour) => profileRows(built.profile, dated, hour));
  const hourlySettings = { ...settings, windowHours: 1, minimumRows: 100 };
  const judge = (first: number, shift: number, withHours = true) =>
    compareProfiles(
      { profile: built.profile, days: built.days, importance: {}, ...(withHours ? { hours } : {}) },
      profileRows(built.profile, dated, hourly(1, 1000, first, first, shift).flat()),
      hourlySettings,
      1,
      { intervals: false },
    );

  it('takes no hour of the day for drift; whole days would', () => {
    const verdicts = Array.from({ length: 24 }, (_, hour) => judge(hour, 0).verdict);
    expect(verdicts.filter((verdict) => verdict === 'drift')).toEqual([]);
    expect(judge(6, 0, false).verdict).toBe('drift');
    expect(judge(6, 0).settings.null).toBe('hour-blocks');
  });

  it('still finds an hour that is like no other', () => {
    expect(judge(3, 8).features[0]).toMatchObject({ name: 'delay', drifted: true });
  });
});

describe('q-value budget', () => {
  it('does not depend on the order of features', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(['delay', 'distance', 'origin'], { minLength: 3 }), (order) => {
        const profile = profileRows(baseline.profile, model, rows(1500, 15));
        const shuffled = Object.fromEntries(
          order.flatMap((name) => {
            const feature = profile.features[name];
            return feature === undefined ? [] : [[name, feature] as const];
          }),
        );
        const report = compareProfiles(baseline, { ...profile, features: shuffled }, settings, 1);
        expect(report.features).toEqual(compareProfiles(baseline, profile, settings, 1).features);
      }),
      { numRuns: 6 },
    );
  });
});
