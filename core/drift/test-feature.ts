import type { FeatureProfile } from '../../contracts/profile.ts';
import { isBlock, levelGrouping } from '../profile/levels.ts';
import { namedSeed, seededRandom } from '../statistics/random.ts';
import { blockMemory, worthOfBlock } from './block-memory.ts';
import { type Blocks, baselineRun, windowRun } from './blocks.ts';
import { effectInterval } from './effect-interval.ts';
import { jensenShannon } from './jensen-shannon.ts';
import { type Aspect, unseenRows } from './message.ts';
import { drawnOnce, type NullCache, stepBelow } from './null-cache.ts';
import { blocksNull, independentRowsNull, NULL_DRAWS } from './null-model.ts';
import { type Rate, rateTest, varianceOfBlocks } from './rate-test.ts';
import { totalOf } from './shares.ts';
import { meanOf, NO_PART, tailProbability, varianceOf } from './tail-fit.ts';
import { testedBins } from './tested-bins.ts';

/** One feature of a baseline and a window, with the baseline's blocks when rows of one time resemble each other. */
export interface Comparison {
  readonly name: string;
  readonly baseline: FeatureProfile;
  readonly window: FeatureProfile;
  readonly blocks: Blocks<FeatureProfile>;
  readonly seed: number;
  /** Null distributions drawn for windows before; without it they are drawn anew, and are the same. */
  readonly cache: NullCache | undefined;
  /** Whether to draw the interval of the effect, which is [0, 1] else. */
  readonly interval: boolean;
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
  /** Bins that the distribution was compared over. */
  readonly bins: number;
  /** How much more the feature varies from window to window than independent rows would let it (Kish 1965); 1 without blocks. */
  readonly designEffect: number;
  readonly tests: readonly AspectTest[];
}

/** Tests the distribution of the present values, the missing rate, and values the baseline never had. */
export function testFeature(comparison: Comparison): FeatureTests {
  const { distribution, ...measured } = testDistribution(comparison);
  return {
    effect: distribution.effect,
    ...measured,
    tests: [
      distribution,
      testRate('missing', comparison, (profile) => ({ count: profile.missing, rows: profile.rows })),
      testRate('unseen', comparison, (profile) => ({
        count: unseenOf(comparison.baseline, profile),
        rows: profile.rows - profile.missing,
      })),
    ],
  };
}

/** Draws that suffice for a mean and a variance. */
const DRAWS_OF_ROWS = 200;

function testDistribution(comparison: Comparison) {
  const { baseline, window } = comparison;
  const countsOf = levelGrouping(baseline, testedBins(window.rows - window.missing));
  const [before, after] = [countsOf(baseline), countsOf(window)];
  const bins = before.length;
  if (totalOf(before) === 0 || totalOf(after) === 0) {
    const distribution: AspectTest = { aspect: 'distribution', pValue: 1, effect: 0 };
    return { distribution, interval: [0, 1] satisfies [number, number], bins, designEffect: 1 };
  }
  const { draws, designEffect, part } = nullDraws(comparison, before, totalOf(after), countsOf);
  const divergence = jensenShannon(before, after) ** 2;
  // What chance gives on average is taken off: else every feature with many values would seem to have changed in a small window.
  const effect = Math.sqrt(Math.max(0, divergence - meanOf(draws)));
  const distribution: AspectTest = {
    aspect: 'distribution',
    pValue: tailProbability(draws, divergence, part),
    effect,
  };
  return { distribution, interval: drawnInterval(comparison, before, after, designEffect), bins, designEffect };
}

/**
 * Divergences to expect when nothing changed: drawn for a window of about this size, and scaled to exactly `rows` when rows are
 * independent. Blocks lie closer to their own mean than the next window does, by one part in the number of runs that count as
 * independent; that is made good.
 */
function nullDraws(
  { name, blocks, seed, cache }: Comparison,
  before: readonly number[],
  rows: number,
  countsOf: (profile: FeatureProfile) => readonly number[],
) {
  const drawnFor = stepBelow(rows);
  const key = [seed, name, before.length, drawnFor].join('\n');
  const noise = (size: number) => 1 / size + 1 / totalOf(before);
  const scale = noise(rows) / noise(drawnFor);
  const independent = (draws: number) =>
    drawnOnce(cache, `${key}\n${draws}`, () =>
      independentRowsNull(before, drawnFor, seededRandom(namedSeed(seed, name)), draws),
    );
  if (blocks.window.length === 0)
    return {
      draws: independent(NULL_DRAWS).map((draw) => draw * scale),
      designEffect: 1,
      part: NO_PART,
    };
  const blockKey = `${key}\n${blocks.null}\n${blocks.span}`;
  const draws = drawnOnce(cache, blockKey, () => {
    const counts = { ...blocks, baseline: blocks.baseline.map(countsOf), window: blocks.window.map(countsOf) };
    return blocksNull(counts, drawnFor, seededRandom(namedSeed(seed, name)));
  });
  const ofRows = independent(DRAWS_OF_ROWS);
  const designEffect = Math.max(1, ratio(meanOf(draws), meanOf(ofRows)));
  const run = windowRun(blocks);
  const [memory = 0] = drawnOnce(cache, `${blockKey}\nmemory`, () => [blockMemory(blocks.window.map(countsOf))]);
  const worth = run > 1 ? 1 / run : worthOfBlock(memory);
  const degrees = Math.max(1, blocks.window.length * worth - 1);
  const stretch = 1 + ((1 - 1 / designEffect) * baselineRun(blocks)) / blocks.baseline.length;
  const share = 1 - 1 / Math.max(1, ratio(varianceOf(draws), varianceOf(ofRows)));
  return { draws: draws.map((draw) => draw * stretch), designEffect, part: { share, degrees } };
}

const ratio = (a: number, b: number) => (b > 0 ? a / b : 1);

function drawnInterval(
  { name, seed, interval }: Comparison,
  before: readonly number[],
  after: readonly number[],
  designEffect: number,
): [number, number] {
  return interval
    ? effectInterval(before, after, designEffect, seededRandom(namedSeed(seed, `interval of ${name}`)))
    : [0, 1];
}

/** A block is part of the baseline, so that only values beyond those the baseline kept by name are new to it. */
function unseenOf(baseline: FeatureProfile, profile: FeatureProfile): number {
  if (!isBlock(profile)) return unseenRows(baseline, profile);
  return profile.kind === 'category' ? profile.other : 0;
}

function testRate(aspect: Aspect, comparison: Comparison, rateOf: (profile: FeatureProfile) => Rate): AspectTest {
  const { blocks } = comparison;
  const [baseline, window] = [rateOf(comparison.baseline), rateOf(comparison.window)];
  const variance = varianceOfBlocks(blocks.window.map(rateOf));
  const pValue = rateTest(baseline, window, { variance, baseline: blocks.window.length, window: blocks.span });
  return { aspect, pValue, effect: Math.abs(shareOf(window) - shareOf(baseline)) };
}

const shareOf = ({ count, rows }: Rate) => (rows === 0 ? 0 : count / rows);
