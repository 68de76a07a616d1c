import { readFileSync } from 'node:fs';
import type { Instance } from '../../contracts/serving.ts';
import { dayOf, instantOf } from '../../core/profile/instant.ts';
import { watchedFeatures } from '../../core/profile/watched.ts';
import { assessConceptDrift, type DayCounts } from '../../core/quality/concept-drift.ts';
import { addRow, emptyQualityCounts } from '../../core/quality/quality-counts.ts';
import { fitQualityReference } from '../../core/quality/quality-reference.ts';
import { rowCoder } from '../../core/quality/row-coder.ts';
import { type Random, seededRandom } from '../../core/statistics/random.ts';
import { prepareFlights } from '../../examples/flight-delay/data/prepare.ts';
import { flightDelay } from '../../examples/flight-delay/model.ts';
import { fitLogistic } from './logistic.ts';

const WEEK_DAYS = 7;
const THRESHOLD = 0.35;

interface Flight {
  readonly instance: Instance;
  readonly late: 0 | 1;
  readonly day: number;
  readonly score: number;
}

/**
 * |z| of realised − estimated AUC of seven January days that were left out of the reference, for many choices of the seven; the model
 * learned from the other half of January's rows. Nothing changed, so few should lie beyond 3.
 */
export async function heldOutWeeks(draws: number): Promise<readonly number[]> {
  const random = seededRandom(23);
  const flights = await scoredFlights(random);
  const days = [...Map.groupBy(flights, ({ day }) => day).entries()];
  return Array.from({ length: draws }, () => {
    const week = new Set(
      shuffled(days, random)
        .slice(0, WEEK_DAYS)
        .map(([day]) => day),
    );
    const rest = flights.filter(({ day }) => !week.has(day));
    return Math.abs(
      weekGap(
        rest,
        days.filter(([day]) => week.has(day)).map(([, rows]) => rows),
      ),
    );
  });
}

function weekGap(rest: readonly Flight[], week: readonly (readonly Flight[])[]): number {
  const features = watchedFeatures({ features: flightDelay.features ?? [] });
  const reference = fitQualityReference({
    features,
    instances: rest.map(({ instance }) => instance),
    scores: rest.map(({ score }) => score),
    labels: rest.map(({ late }) => late),
    days: rest.map(({ day }) => day),
    threshold: THRESHOLD,
  });
  const code = rowCoder(reference, features);
  // The days are put in a row, for they are judged as one week.
  const counted = week.map((rows, day): DayCounts => {
    const counts = emptyQualityCounts(reference);
    for (const { instance, score, late } of rows) addRow(counts, code(instance, score), { label: late, day });
    return { day, counts };
  });
  return assessConceptDrift(reference, counted, { metric: 'auc', margin: 0.01, minimumLabels: 500 }).z ?? Number.NaN;
}

/** The half of January that the model did not learn from, with its scores. */
async function scoredFlights(random: Random): Promise<readonly Flight[]> {
  const { january } = await prepareFlights();
  const [, ...lines] = readFileSync(january, 'utf8').trimEnd().split('\n');
  const rows = lines.map((line) => {
    const [scheduled = '', origin = '', destination = '', distance = '', delay = '', late] = line.split(',');
    const instance = {
      scheduled,
      origin,
      destination,
      distance: Number(distance),
      origin_delay_2h: delay === '' ? null : Number(delay),
    };
    const outcome: 0 | 1 = late === 'true' ? 1 : 0;
    return { instance, late: outcome, day: dayOf(instantOf(scheduled)), learned: random() < 0.5 };
  });
  const model = fitLogistic(
    rows.filter(({ learned }) => learned),
    random,
  );
  return rows.filter(({ learned }) => !learned).map((row) => ({ ...row, score: model(row.instance) }));
}

function shuffled<T>(values: readonly T[], random: Random): readonly T[] {
  return values
    .map((value) => ({ value, key: random() }))
    .toSorted((a, b) => a.key - b.key)
    .map(({ value }) => value);
}
