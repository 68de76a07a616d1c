import type { Profile } from '../../contracts/profile.ts';
import { namedSeed, seededRandom } from '../statistics/random.ts';
import { blockOf } from './levels.ts';

/** Single hours that a baseline keeps at most. */
export const MAX_HOURS = 400;

/** Names up to which blocks keep their pairs; beyond it these would be most of the baseline (their number grows with the square). */
export const MAX_PAIRED_IN_BLOCKS = 24;

/** A profile as a block of its baseline: every feature over the 50-bin level, pairs of at most 24 names. */
export function profileBlock(baseline: Profile, { rows, features, pairs }: Profile): Profile {
  const blocks = Object.entries(features).flatMap(([name, feature]): [string, Profile['features'][string]][] => {
    const whole = baseline.features[name];
    return whole === undefined ? [] : [[name, blockOf(whole, feature)]];
  });
  const kept = pairs !== undefined && pairs.names.length <= MAX_PAIRED_IN_BLOCKS ? { pairs } : {};
  return { version: 1, rows, features: Object.fromEntries(blocks), ...kept };
}

/**
 * At most `MAX_HOURS` of the hours that have rows: as many stretches of equal length, and one hour drawn from each, so that every hour
 * of the day and day of the week has its chance. The same hours, the same choice.
 * @param hours ascending
 */
export function chosenHours(hours: readonly number[]): readonly number[] {
  if (hours.length <= MAX_HOURS) return hours;
  const random = seededRandom(namedSeed(hours.length, 'hours'));
  const stretch = hours.length / MAX_HOURS;
  return Array.from({ length: MAX_HOURS }, (_, index) => {
    const first = Math.ceil(index * stretch);
    const next = Math.ceil((index + 1) * stretch);
    return hours[first + Math.floor(random() * (next - first))] ?? 0;
  });
}
