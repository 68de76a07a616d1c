import type { WatchedFeature } from '../../core/profile/watched.ts';
import { areaUnderCurve } from '../../core/quality/area-under-curve.ts';
import { assessConceptDrift, type DayCounts } from '../../core/quality/concept-drift.ts';
import { countScored } from '../../core/quality/count-scored.ts';
import { estimateQuality } from '../../core/quality/estimate.ts';
import { emptyQualityCounts, mergeQualityCounts } from '../../core/quality/quality-counts.ts';
import { fitQualityReference } from '../../core/quality/quality-reference.ts';
import { rowCoder } from '../../core/quality/row-coder.ts';
import { type Random, seededRandom } from '../../core/statistics/random.ts';
import type { Tally } from './tally.ts';
import { drawWorld, normalFrom, THRESHOLD, WORLD_FEATURES, type WorldRows } from './world.ts';

const REFERENCE_DAYS = 28;
const WEEK_DAYS = 7;
const DAY_ROWS = 1_000;
/** Standard deviation between days of how far the outcome's dependence on features turns: about .018 of AUC, as much as chance. */
const TURN = 0.15;

const FEATURES: readonly WatchedFeature[] = [
  ...WORLD_FEATURES,
  { name: 'weekday', kind: 'category', read: (row) => String(row.weekday) },
];

/** Correlation of a day's luck with that of the day before. */
const MEMORY = 0.5;
/** Days between the reference and the week. */
const APART = 14;

/** Worlds that do not change, by how far days differ and how much a day resembles the one before it. */
export const DAY_WORLDS = {
  'days alike': { turn: 0, memory: 0 },
  'days apart': { turn: TURN, memory: 0 },
  'days in moods': { turn: TURN, memory: MEMORY },
} as const;

/**
 * Four weeks of held-out days and the week after them, of one world that does not change: each day has its own luck, which corrections by
 * weekday can take for knowledge. Counts how often the week's realised AUC lies far from its estimate.
 */
export function unevenDays(tally: Tally, world: keyof typeof DAY_WORLDS, seed: number): void {
  const random = seededRandom(seed);
  const luck = courseOf(random, REFERENCE_DAYS + APART + WEEK_DAYS, DAY_WORLDS[world]);
  const days = luck.map((turn, day) => drawDay(random, day, turn));
  const [known, week] = [days.slice(0, REFERENCE_DAYS), days.slice(-WEEK_DAYS)];
  const reference = fitQualityReference({
    ...joined(known),
    features: FEATURES,
    days: known.flatMap(({ scores }, day) => scores.map(() => day)),
    threshold: THRESHOLD,
  });
  const code = rowCoder(reference, FEATURES);
  const counted = week.map(({ instances, scores, labels }, index): DayCounts => {
    const counts = emptyQualityCounts(reference);
    const day = REFERENCE_DAYS + APART + index;
    countScored(
      counts,
      code,
      instances.map((instance, row) => ({ instance, score: scores[row] ?? 0, label: labels[row], day })),
    );
    return { day, counts };
  });
  const z = assessConceptDrift(reference, counted, { metric: 'auc', margin: 0.01, minimumLabels: 500 }).z ?? Number.NaN;
  tally.add(`beyond 3, ${world}`, Math.abs(z) > 3 ? 1 : 0);
  tally.add(`z², ${world}`, z ** 2);
  const [auc] = estimateQuality(
    reference,
    counted.map(({ counts }) => counts).reduce((sum, counts) => mergeQualityCounts(sum, counts)),
  );
  const realised = areaUnderCurve(joined(week)).value;
  if (auc !== undefined)
    tally.add(`covered, ${world}`, auc.interval[0] <= realised && realised <= auc.interval[1] ? 1 : 0);
}

/** Luck day by day: an autoregression of order one with the same spread throughout. */
function courseOf(random: Random, days: number, { turn, memory }: { turn: number; memory: number }): readonly number[] {
  const normal = normalFrom(random);
  const course: number[] = [];
  for (let day = 0; day < days; day++)
    course.push(day === 0 ? normal() : memory * (course[day - 1] ?? 0) + Math.sqrt(1 - memory ** 2) * normal());
  return course.map((value) => turn * value);
}

function drawDay(random: Random, day: number, turn: number): WorldRows {
  const { instances, scores, labels } = drawWorld(random, DAY_ROWS, { concept: turn });
  return { instances: instances.map((row) => ({ ...row, weekday: day % WEEK_DAYS })), scores, labels };
}

function joined(days: readonly WorldRows[]): WorldRows {
  return {
    instances: days.flatMap(({ instances }) => instances),
    scores: days.flatMap(({ scores }) => scores),
    labels: days.flatMap(({ labels }) => labels),
  };
}
