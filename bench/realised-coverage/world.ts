import { watchedFeatures } from '../../core/profile/watched.ts';
import type { Random } from '../../core/statistics/random.ts';

export const THRESHOLD = 0.4;
export const COVERAGE_FEATURES = watchedFeatures({
  features: [
    { kind: 'numeric', column: 'x' },
    { kind: 'numeric', column: 'y' },
  ],
});

/** A row, its score, and what became of it. */
export interface Row {
  readonly instance: { readonly x: number; readonly y: number };
  readonly score: number;
  readonly label: 0 | 1;
}

const logistic = (x: number) => 1 / (1 + Math.exp(-x));
const normalDraw = (random: Random) => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

/** A day on which the level of outcomes, and what x means for them, are a little its own. */
function oneDay(rows: number, random: Random): readonly Row[] {
  const [level, slope] = [0.3 * normalDraw(random), 0.35 * normalDraw(random)];
  return Array.from({ length: rows }, () => {
    const [x, y] = [normalDraw(random), normalDraw(random)];
    const truth = logistic((1.2 + slope) * x + 0.6 * y - 1 + level);
    return { instance: { x, y }, score: logistic(1.2 * x + 0.6 * y - 1), label: random() < truth ? 1 : 0 };
  });
}

/** Days one after the other, independent of each other. */
export const someDays = (days: number, rows: number, random: Random) =>
  Array.from({ length: days }, () => oneDay(rows, random));
