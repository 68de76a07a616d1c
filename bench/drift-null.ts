import { seededRandom } from '../core/statistics/random.ts';
import type { Bench, BenchContext, Figure } from './bench.ts';
import { exactFigures } from './drift-null/exact.ts';
import { type Drift, NUMERIC } from './drift-null/generator.ts';
import { againstFreshBaselines, type Rates } from './drift-null/rates.ts';
import { dailyCycle, moodyDays, type Season, throughSeasons } from './drift-null/seasons.ts';

/** Share of hourly windows without drift that may be flagged, in percent. */
const GOAL = { atMost: 0.2 } as const;
const SIZES = [100, 300, 1000, 10_000, 100_000, 1_000_000] as const;
const POWER = { atLeast: 95 } as const;

/** Eight features of thirty drift, in the ways that real ones do. */
const DRIFTED = {
  n02: { shift: 0.25 },
  n05: { spread: 1.4 },
  n08: { shift: -0.1 },
  n13: { tails: 0.05 },
  n17: { missing: 0.03 },
  c2: { moved: 0.1 },
  c5: { moved: 0.05 },
  c7: { unseen: 0.03 },
} as const satisfies Drift['features'];

const HARMLESS = Object.fromEntries(NUMERIC.map((name) => [name, { shift: 0.01 }]));

const HOURLY: Season = { blockHours: 1, blocks: 15 * 24, rowsPerBlock: 1000, span: 1, course: dailyCycle() };
const DAILY: Season = { blockHours: 24, blocks: 60, rowsPerBlock: 5000, span: 1, course: moodyDays(0.1, 0.6) };
const WEEKLY: Season = { ...DAILY, span: 7 };

/** False alarms and power of the drift engine, by simulation. */
export const driftNull: Bench = {
  name: 'drift-null',
  summary: 'false alarms, power and exactness of drift verdicts, by simulation',
  environments: ['container'],
  run: async (context) => [...falseAlarms(context), ...power(context), ...seasonal(context), ...exactFigures(context)],
};

const percent = (share: number) => share * 100;

function falseAlarms({ quick, say }: BenchContext): readonly Figure[] {
  const windows = quick ? 100 : 2000;
  const quiet = SIZES.map((rows) => {
    say(`${windows} windows of ${rows} rows without drift`);
    return { rows, rates: againstFreshBaselines(rows, {}, windows, seededRandom(rows)) };
  });
  const harmless = SIZES.filter((rows) => rows >= 10_000).map((rows) => {
    say(`${windows / 4} windows of ${rows} rows, every mean moved by 0.01 standard deviations`);
    return { rows, rates: againstFreshBaselines(rows, { features: HARMLESS }, windows / 4, seededRandom(rows + 1)) };
  });
  const all = quiet.reduce((sum, { rates }) => sum + rates.flagged, 0) / quiet.length;
  return [
    ...quiet.map(({ rows, rates }) => flagged(`hourly windows of ${rows} rows without drift, flagged`, rates)),
    { what: 'all of these together', value: percent(all), unit: '%', goal: GOAL, note: `of ${windows * quiet.length}` },
    ...harmless.map(({ rows, rates }) => flagged(`means moved by 0.01 sd, ${rows} rows, flagged`, rates)),
  ];
}

function flagged(what: string, rates: Rates, goal: Figure['goal'] = GOAL): Figure {
  return { what, value: percent(rates.flagged), unit: '%', ...(goal ? { goal } : {}), note: `of ${rates.windows}` };
}

function power({ quick, say }: BenchContext): readonly Figure[] {
  const windows = quick ? 20 : 200;
  const figures = [1000, 10_000].map((rows) => {
    say(`${windows} windows of ${rows} rows with eight drifted features`);
    const { found } = againstFreshBaselines(rows, { features: DRIFTED }, windows, seededRandom(3));
    const shares = Object.keys(DRIFTED).map((name) => found[name] ?? 0);
    const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length;
    const note = Object.keys(DRIFTED).map((name, i) => `${name} ${percent(shares[i] ?? 0)}`);
    const goal = rows === 10_000 ? { goal: POWER } : {};
    return { what: `power at ${rows} rows`, value: percent(mean), unit: '%', ...goal, note: `% ${note.join(', ')}` };
  });
  say(`${windows} windows of 10000 rows in which one correlation broke`);
  const broken = againstFreshBaselines(10_000, { correlation: 0.1 }, windows, seededRandom(4));
  return [
    ...figures,
    { what: 'correlation 0.4 → 0.1, found at 10000 rows', value: percent(broken.correlations), unit: '%', goal: POWER },
    { what: 'the same, seen by the reconstruction error', value: percent(broken.multivariate), unit: '%' },
  ];
}

function seasonal({ quick, say }: BenchContext): readonly Figure[] {
  const [baselines, windows] = quick ? [2, 20] : [20, 100];
  const run = (what: string, season: Season, goal: Figure['goal']) => {
    say(`${baselines * windows} windows: ${what}`);
    return flagged(what, throughSeasons(season, baselines, windows, seededRandom(season.span)), goal);
  };
  // The budget of one false alarm a month, in percent of windows.
  return [
    run('hourly windows through a daily cycle of ±0.5 sd, flagged', HOURLY, GOAL),
    run('daily windows, autocorrelated days (0.1 sd, 0.6), flagged', DAILY, { atMost: 100 / 30.4 }),
    run('weekly windows of the same days, flagged', WEEKLY, { atMost: 5 }),
  ];
}
