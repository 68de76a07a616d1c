import type { OutcomeCounts } from '../contracts/quality-window.ts';
import { binOf } from '../core/profile/edges.ts';
import { dayEffect } from '../core/quality/day-effect.ts';
import { judgeFairness } from '../core/quality/fairness.ts';
import { countOutcome, emptyOutcomes, sumOutcomes } from '../core/quality/outcome-counts.ts';
import { fitQualityReference } from '../core/quality/quality-reference.ts';
import { realisedMetrics } from '../core/quality/realised.ts';
import { judgeSlices } from '../core/quality/slices.ts';
import { type Random, seededRandom } from '../core/statistics/random.ts';
import type { Bench, BenchContext, Figure } from './bench.ts';
import { calibrationFigures } from './realised-coverage/calibration-days.ts';
import { fairnessDays } from './realised-coverage/fairness-days.ts';
import { lossDays } from './realised-coverage/loss-days.ts';
import { COVERAGE_FEATURES, type Row, someDays, THRESHOLD } from './realised-coverage/world.ts';

/** Edges of the pooled truth; the threshold is one of them. */
const FINE_EDGES = Array.from({ length: 99 }, (_, index) => (index + 1) / 100);
const REFERENCE_DAYS = 30;

/** Coverage of realised metrics' intervals where days differ, and false alarms of slices and fairness, by simulation. */
export const realisedCoverage: Bench = {
  name: 'realised-coverage',
  summary:
    'coverage of intervals of realised quality over days that differ; false alarms of slices, fairness and calibration; expected loss',
  environments: [],
  run: async (context) => [
    ...coverageFigures(context),
    ...slices(context),
    fairness(context),
    ...fairnessDays(context),
    ...calibrationFigures(context),
    ...lossDays(context),
  ],
};

function counted(rows: readonly Row[], edges: readonly number[]): OutcomeCounts {
  const counts = emptyOutcomes(edges.length + 1);
  for (const { score, label } of rows)
    countOutcome(counts, { bin: binOf(edges, score), expected: 0, variance: 0 }, label);
  return counts;
}

function coverageFigures({ quick, say }: BenchContext): readonly Figure[] {
  const random = seededRandom(5);
  const many = someDays(quick ? 500 : 3000, 200, random).map((rows) => counted(rows, FINE_EDGES));
  const truth = realisedMetrics(
    sumOutcomes(many, FINE_EDGES.length + 1),
    binOf(FINE_EDGES, THRESHOLD),
    dayEffect([], 0),
  );
  return [7, 14, 28].flatMap((days) => {
    const replicates = quick ? 40 : 600;
    say(`${replicates} windows of ${days} days, each with a reference of its own`);
    const held = new Map(truth.map(({ name }) => [name, { days: 0, rows: 0 }]));
    for (let replicate = 0; replicate < replicates; replicate++) hold(days, truth, held, random);
    return [...held].map(
      ([name, hits]): Figure => ({
        what: `${name} over ${days} days of 300 rows, 95 % interval`,
        value: (100 * hits.days) / replicates,
        unit: '% covered',
        // Forty windows are too few to miss a goal by.
        ...(quick ? {} : { goal: { atLeast: 93 } }),
        note: `${((100 * hits.rows) / replicates).toFixed(1)} % if rows passed for independent; ${replicates} windows`,
      }),
    );
  });
}

/** Draws one reference and one window, and counts which intervals hold the truth. */
function hold(
  days: number,
  truth: ReturnType<typeof realisedMetrics>,
  held: ReadonlyMap<string, { days: number; rows: number }>,
  random: Random,
): void {
  const reference = someDays(REFERENCE_DAYS, 150, random);
  const rows = reference.flat();
  const {
    edges,
    cut,
    days: spread,
  } = fitQualityReference({
    features: COVERAGE_FEATURES,
    instances: rows.map(({ instance }) => instance),
    scores: rows.map(({ score }) => score),
    labels: rows.map(({ label }) => label),
    days: reference.flatMap((day, index) => day.map(() => index)),
    threshold: THRESHOLD,
  });
  const window = someDays(days, 300, random).map((day) => counted(day, edges));
  const whole = sumOutcomes(window, edges.length + 1);
  const kinds = [
    ['days', realisedMetrics(whole, cut, dayEffect(window, cut, spread))],
    ['rows', realisedMetrics(whole, cut, dayEffect([], cut))],
  ] as const;
  for (const [kind, metrics] of kinds)
    for (const { name, interval } of metrics) {
      const value = truth.find((metric) => metric.name === name)?.value ?? Number.NaN;
      const hits = held.get(name);
      if (hits !== undefined && interval[0] <= value && value <= interval[1]) hits[kind] += 1;
    }
}

/** Outcomes of a slice of two score bins whose decisions are right with a chance of `right`. */
function drawnSlice(rows: number, right: number, random: Random): OutcomeCounts {
  const counts = emptyOutcomes(2);
  for (let row = 0; row < rows; row++) {
    const predicted = random() < 0.3 ? 1 : 0;
    countOutcome(counts, { bin: predicted, expected: 0, variance: 0 }, random() < right ? predicted : 1 - predicted);
  }
  return counts;
}

function slices({ quick, say }: BenchContext): readonly Figure[] {
  const replicates = quick ? 40 : 1000;
  say(`${replicates} windows of 20 slices`);
  const random = seededRandom(6);
  const alarms = (lossOfOne: number) => {
    let found = 0;
    for (let replicate = 0; replicate < replicates; replicate++) {
      const values = Array.from({ length: 20 }, (_, index) => `v${index}`);
      const reference = values.map(() => drawnSlice(1000, 0.8, random));
      const now = values.map((_, index) => drawnSlice(500, index === 0 ? 0.8 - lossOfOne : 0.79, random));
      const judged = judgeSlices([{ column: 'c', edges: null, values, reference }], { c: now }, SLICE_RULES);
      found += judged.some(({ verdict, value }) => verdict === 'worse' && (lossOfOne === MARGIN || value === 'v0'))
        ? 1
        : 0;
    }
    return (100 * found) / replicates;
  };
  const note = `20 slices of 500 rows, accuracy .8; ${replicates} windows`;
  return [
    {
      what: 'every slice a margin worse, any called worse',
      value: alarms(MARGIN),
      unit: '%',
      goal: { atMost: 5 },
      note,
    },
    { what: 'one slice .10 worse, found', value: alarms(0.1), unit: '%', note },
  ];
}

const MARGIN = 0.01;
const SLICE_RULES = {
  metric: 'accuracy',
  margin: MARGIN,
  cut: 1,
  effect: dayEffect([], 1),
  referenceBetween: 0,
  estimate: () => [],
} as const;

function fairness({ quick, say }: BenchContext): Figure {
  const replicates = quick ? 40 : 1000;
  say(`${replicates} windows of 10 equal groups`);
  const random = seededRandom(7);
  let gaps = 0;
  for (let replicate = 0; replicate < replicates; replicate++) {
    const groups = Array.from({ length: 10 }, (_, index) => ({
      name: `g${index}`,
      counts: drawnSlice(1000, 0.8, random),
    }));
    gaps += judgeFairness('c', groups, 1, 0.05).some(({ verdict }) => verdict === 'gap') ? 1 : 0;
  }
  return {
    what: 'ten equal groups, any measure called a gap',
    value: (100 * gaps) / replicates,
    unit: '%',
    goal: { atMost: 1 },
    note: `groups of 1000 rows; ${replicates} windows`,
  };
}
