import type { FeatureProfile } from '../../contracts/profile.ts';
import { namedSeed, seededRandom } from '../statistics/random.ts';
import { effectInterval } from './effect-interval.ts';
import { jensenShannon } from './jensen-shannon.ts';
import { type Aspect, unseenRows } from './message.ts';
import { dayBlocksNull, independentRowsNull } from './null-model.ts';
import { type Rate, rateTest, varianceOfDays } from './rate-test.ts';
import { binCounts, totalOf } from './shares.ts';
import { meanOf, tailProbability } from './tail-fit.ts';

/** One feature of a baseline and a window, with the baseline's days when rows of one day resemble each other (else none). */
export interface Comparison {
  readonly name: string;
  readonly baseline: FeatureProfile;
  readonly window: FeatureProfile;
  readonly days: readonly FeatureProfile[];
  readonly windowDays: number;
  readonly seed: number;
}

/** One member of the family that is corrected together. `effect` is comparable with the effect floor. */
export interface AspectTest {
  readonly aspect: Aspect;
  readonly pValue: number;
  readonly effect: number;
}

/** The tests of a feature, and its effect: the Jensen–Shannon distance beyond what chance gives, with its interval. */
export interface FeatureTests {
  readonly effect: number;
  readonly interval: [number, number];
  readonly tests: readonly AspectTest[];
}

/** Tests the distribution of the present values, the missing rate, and values the baseline never had. */
export function testFeature(comparison: Comparison): FeatureTests {
  const { distribution, interval } = testDistribution(comparison);
  return {
    effect: distribution.effect,
    interval,
    tests: [
      distribution,
      testRate('missing', comparison, (profile) => ({ count: profile.missing, rows: profile.rows })),
      testRate('unseen', comparison, (profile) => ({
        count: unseenRows(comparison.baseline, profile),
        rows: profile.rows - profile.missing,
      })),
    ],
  };
}

/** Draws that suffice for a mean. */
const DRAWS_FOR_MEAN = 100;

function testDistribution({ name, baseline, window, days, windowDays, seed }: Comparison) {
  const [before, after] = [binCounts(baseline), binCounts(window)];
  const rows = totalOf(after);
  if (totalOf(before) === 0 || rows === 0) {
    const distribution: AspectTest = { aspect: 'distribution', pValue: 1, effect: 0 };
    return { distribution, interval: [0, 1] satisfies [number, number] };
  }
  const random = seededRandom(namedSeed(seed, name));
  const blocks = days.length > 0;
  const draws = blocks
    ? dayBlocksNull(days.map(binCounts), rows, windowDays, random)
    : independentRowsNull(before, rows, random);
  const independentMean = blocks ? meanOf(independentRowsNull(before, rows, random, DRAWS_FOR_MEAN)) : meanOf(draws);
  const inflation = independentMean > 0 ? Math.max(1, meanOf(draws) / independentMean) : 1;
  const divergence = jensenShannon(before, after) ** 2;
  // What chance gives on average is taken off: else every feature with many values would seem to have changed in a small window.
  const effect = Math.sqrt(Math.max(0, divergence - meanOf(draws)));
  const distribution: AspectTest = { aspect: 'distribution', pValue: tailProbability(draws, divergence), effect };
  return { distribution, interval: effectInterval(before, after, inflation, random) };
}

function testRate(aspect: Aspect, comparison: Comparison, rateOf: (profile: FeatureProfile) => Rate): AspectTest {
  const { days, windowDays } = comparison;
  const [baseline, window] = [rateOf(comparison.baseline), rateOf(comparison.window)];
  const variance = varianceOfDays(days.map(rateOf));
  const pValue = rateTest(baseline, window, { variance, baseline: days.length, window: windowDays });
  return { aspect, pValue, effect: Math.abs(shareOf(window) - shareOf(baseline)) };
}

const shareOf = ({ count, rows }: Rate) => (rows === 0 ? 0 : count / rows);
