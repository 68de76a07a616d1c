import type { Instance } from '../../contracts/serving.ts';
import { hourOf, instantOf, weekdayOf } from '../../core/profile/instant.ts';
import type { Random } from '../../core/statistics/random.ts';

const PASSES = 4;
const STEP = 0.02;
const HOURS = 24;
const WEEKDAYS = 7;

interface Example {
  readonly instance: Instance;
  readonly late: 0 | 1;
}

/** A plain logistic model of lateness: hour, weekday, distance, known delay and airports; by stochastic gradient descent. */
export function fitLogistic(examples: readonly Example[], random: Random): (instance: Instance) => number {
  const airports = new Map<string, number>();
  for (const { instance } of examples)
    for (const name of [`from ${instance.origin}`, `to ${instance.destination}`])
      if (!airports.has(name)) airports.set(name, airports.size);
  const weights = new Float64Array(3 + HOURS + WEEKDAYS + airports.size + 1);
  const encoded = examples.map(({ instance, late }) => ({ terms: termsOf(instance, airports), late }));
  for (let pass = 0; pass < PASSES; pass++)
    for (let step = 0; step < encoded.length; step++) {
      const example = encoded[Math.floor(random() * encoded.length)];
      if (example === undefined) continue;
      const error = example.late - chance(weights, example.terms);
      for (const { at, value } of example.terms) weights[at] = (weights[at] ?? 0) + (STEP / (pass + 1)) * error * value;
    }
  return (instance) => chance(weights, termsOf(instance, airports));
}

interface Term {
  readonly at: number;
  readonly value: number;
}

function termsOf(instance: Instance, airports: ReadonlyMap<string, number>): readonly Term[] {
  const instant = instantOf(instance.scheduled);
  const known = typeof instance.origin_delay_2h === 'number' ? instance.origin_delay_2h : 0;
  const first = 3 + HOURS + WEEKDAYS;
  return [
    { at: 0, value: 1 },
    { at: 1, value: Number(instance.distance) / 1000 },
    { at: 2, value: Math.max(-1, Math.min(3, known / 30)) },
    { at: 3 + hourOf(instant), value: 1 },
    { at: 3 + HOURS + weekdayOf(instant), value: 1 },
    { at: first + (airports.get(`from ${instance.origin}`) ?? airports.size), value: 1 },
    { at: first + (airports.get(`to ${instance.destination}`) ?? airports.size), value: 1 },
  ];
}

function chance(weights: Float64Array, terms: readonly Term[]): number {
  return 1 / (1 + Math.exp(-terms.reduce((sum, { at, value }) => sum + (weights[at] ?? 0) * value, 0)));
}
