import { logGamma } from './gamma.ts';
import type { Random } from './random.ts';

/** Means below this are drawn by inversion. */
const SMALL_MEAN = 10;

/**
 * One draw from a binomial distribution: inversion for small means, Hörmann's BTRS (1993) above; both exact.
 * @param trials a whole number of at least 0
 * @param probability 0–1
 */
export function binomial(trials: number, probability: number, random: Random): number {
  if (probability > 0.5) return trials - binomial(trials, 1 - probability, random);
  if (trials === 0 || probability <= 0) return 0;
  return trials * probability < SMALL_MEAN
    ? byInversion(trials, probability, random)
    : transformedRejection(trials, probability, random);
}

function byInversion(trials: number, probability: number, random: Random): number {
  const odds = probability / (1 - probability);
  let chance = Math.exp(trials * Math.log1p(-probability));
  let left = random() - chance;
  let count = 0;
  while (left > 0 && count < trials) {
    count += 1;
    chance *= (odds * (trials - count + 1)) / count;
    left -= chance;
  }
  return count;
}

/** The constants are Hörmann's. */
function transformedRejection(trials: number, probability: number, random: Random): number {
  const odds = probability / (1 - probability);
  const deviation = Math.sqrt(trials * probability * (1 - probability));
  const b = 1.15 + 2.53 * deviation;
  const a = -0.0873 + 0.0248 * b + 0.01 * probability;
  const centre = trials * probability + 0.5;
  const quick = 0.92 - 4.2 / b;
  const scale = (2.83 + 5.1 / b) * deviation;
  const mode = Math.floor((trials + 1) * probability);
  const atMode = logGamma(mode + 1) + logGamma(trials - mode + 1);
  for (;;) {
    const v = random();
    const u = random() - 0.5;
    const us = 0.5 - Math.abs(u);
    const count = Math.floor(((2 * a) / us + b) * u + centre);
    if (count < 0 || count > trials) continue;
    if (us >= 0.07 && v <= quick) return count;
    const ratio = atMode - logGamma(count + 1) - logGamma(trials - count + 1) + (count - mode) * Math.log(odds);
    if (Math.log((v * scale) / (a / (us * us) + b)) <= ratio) return count;
  }
}
