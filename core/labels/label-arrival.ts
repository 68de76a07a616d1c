import { DAY } from '../profile/instant.ts';

/** Ages are counted in whole days up to this; older ones share the last count. */
const OLDEST_DAYS = 60;

/** How many labels came how many days after their prediction: entry i counts ages from i up to i + 1 days, the last all beyond. Additive. */
export type LabelArrival = readonly number[];

/** No labels yet. */
export const noArrivals = (): number[] => new Array<number>(OLDEST_DAYS + 1).fill(0);

/** Which entry counts a label that became known at `at` of a prediction at `predictedAt` (epoch milliseconds); before it counts as 0. */
export function ageIndex(predictedAt: number, at: number): number {
  return Math.min(OLDEST_DAYS, Math.max(0, Math.floor((at - predictedAt) / DAY)));
}

/** The curve: share of the labels there are that had come by the end of each day; up to the day when all had. Empty without labels. */
export function arrivalCurve(counts: LabelArrival): readonly { readonly days: number; readonly share: number }[] {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return [];
  let come = 0;
  const curve = counts.map((count, day) => {
    come += count;
    return { days: day + 1, share: come / total };
  });
  return curve.slice(0, curve.findIndex(({ share }) => share === 1) + 1);
}

/** Whether labels of predictions up to `windowEnd` are no longer expected: it lies the whole horizon before `now` (epoch milliseconds). */
export function isMature(windowEnd: number, labelHorizonDays: number, now: number): boolean {
  return windowEnd + labelHorizonDays * DAY <= now;
}
