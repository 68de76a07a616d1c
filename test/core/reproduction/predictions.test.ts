import { describe, expect, test } from 'vitest';
import type { PredictionTolerance } from '../../../contracts/prediction-tolerance.ts';
import {
  type Difference,
  PredictionComparisonSchema,
  type ReproductionVerdict,
} from '../../../contracts/reproduction.ts';
import { type Answer, comparePredictions } from '../../../core/reproduction/compare-predictions.ts';
import { judgePredictions } from '../../../core/reproduction/judge-predictions.ts';
import { predictionTolerance } from '../../../core/reproduction/tolerance.ts';
import { verdictOf } from '../../../core/reproduction/verdict.ts';

const LOOSE: PredictionTolerance = { maxDifference: 0.01, meanDifference: 0.005, flippedShare: 0.1 };
const NONE: PredictionTolerance = { maxDifference: 0, meanDifference: 0, flippedShare: 0 };

async function* answers(scores: readonly number[]): AsyncGenerator<Answer> {
  for (const score of scores) yield { score, label: score >= 0.5 ? 1 : 0 };
}
const compared = (first: readonly number[], again: readonly number[], tolerance = LOOSE) =>
  comparePredictions(answers(first), answers(again), tolerance);

/** numpy 2.4.6, default_rng(20010601): random(12) and normal(0, .004, 12) added to it, to six decimals. */
const FIRST = [
  0.265596, 0.455976, 0.44597, 0.911025, 0.346894, 0.777947, 0.478001, 0.386558, 0.539818, 0.918936, 0.44431, 0.111479,
];
const AGAIN = [
  0.269572, 0.456406, 0.451861, 0.910714, 0.348944, 0.775718, 0.475477, 0.379828, 0.536941, 0.923013, 0.444388,
  0.108959,
];

describe('the predictions of two models', () => {
  test('are told apart by the figures that numpy gives', async () => {
    const found = await compared(FIRST, AGAIN);
    expect(PredictionComparisonSchema.parse(found)).toEqual(found);
    expect(found.maxDifference).toBeCloseTo(0.006730000000000014, 15);
    expect(found.meanDifference).toBeCloseTo(0.0028077500000000047, 15);
    expect([found.rows, found.flipped]).toEqual([12, 0]);
  });

  test.each([
    ['in the largest', { ...LOOSE, maxDifference: 0.003 }],
    ['on average', { ...LOOSE, meanDifference: 0.0005 }],
    ['in labels', { maxDifference: 1, meanDifference: 1, flippedShare: 0.24 }],
  ])('are not near enough when they differ too much %s', async (_, tolerance) => {
    const [first, again] = [
      [0.2, 0.499, 0.9, 0.9],
      [0.2, 0.5, 0.9, 0.904],
    ];
    expect((await compared(first, again, tolerance)).within).toBe(false);
    expect(
      (await compared(first, again, { maxDifference: 0.0041, meanDifference: 0.002, flippedShare: 0.25 })).within,
    ).toBe(true);
  });

  test('may not differ in one bit where nothing is tolerated', async () => {
    expect((await compared([0.1 + 0.2], [0.3], NONE)).within).toBe(false);
    expect(await compared([0.3, 0.7], [0.3, 0.7], NONE)).toMatchObject({ within: true, maxDifference: 0, flipped: 0 });
  });

  test.each([
    ['the rebuilt model answered 1 rows only', [0.1, 0.2], [0.1]],
    ['the first model answered 1 rows only', [0.1], [0.1, 0.2]],
    ['neither model answered a row', [], []],
  ])('cannot be compared when %s', async (message, first, again) => {
    await expect(compared(first, again)).rejects.toThrow(message);
  });
});

const model = (what: string): Difference => ({ kind: 'model', what, original: 'a', again: 'b' });
const verdict = (...differences: readonly Difference[]): ReproductionVerdict => verdictOf(differences, 5);

describe('a verdict on two models whose files differ', () => {
  test('is "reproduced within tolerance" when their predictions are near enough', async () => {
    const judged = judgePredictions(verdict(model('trees')), await compared([0.2, 0.7], [0.201, 0.7]));
    expect(judged.outcome).toBe('reproduced-within-tolerance');
    expect(judged.summary).toBe(
      'reproduced within tolerance: files of the model differ (trees), and predictions on the frozen test set differ by at most 0.001 (0.01 is allowed), by 0.0005 on average (0.005), and 0 of 2 labels are others (0)',
    );
    expect(judged.differed).toEqual([model('trees')]);
  });

  test('says so when all predictions are the same although files are not', async () => {
    const same = await compared([0.2, 0.7], [0.2, 0.7], NONE);
    expect(judgePredictions(verdict(...['a', 'b', 'c', 'd'].map(model)), same).summary).toBe(
      'reproduced within tolerance: files of the model differ (a, b, c and others), and all 2 predictions on the frozen test set are the same',
    );
  });

  test('stays "not reproduced" beyond the tolerance, and tells by how much', async () => {
    const judged = judgePredictions(verdict(model('trees')), await compared([0.2, 0.7], [0.2, 0.9]));
    expect(judged.outcome).toBe('not-reproduced');
    expect(judged.summary).toMatch(
      /^not reproduced: the model is another one \(trees: a, now b\).*; predictions .* differ by at most 0\.2 /,
    );
  });

  test('stays "not reproduced" in another environment, however near the predictions are', async () => {
    const environment: Difference = { kind: 'environment', what: 'packages.numpy', original: '2.1.0', again: '2.2.0' };
    const judged = judgePredictions(verdict(environment, model('trees')), await compared([0.2], [0.2]));
    expect(judged.outcome).toBe('not-reproduced');
    expect(judged.summary).toContain('packages.numpy: 2.1.0, now 2.2.0');
    expect(judged.summary).toContain('all 1 predictions on the frozen test set are the same');
  });

  test('keeps a difference of every kind, however many there are of one', () => {
    const packages = Array.from(
      { length: 300 },
      (_, index): Difference => ({ ...model(`p${index}`), kind: 'environment' }),
    );
    const { differed } = verdict(...packages, model('trees'));
    expect(differed.length).toBeLessThanOrEqual(100);
    expect(differed.at(-1)).toEqual(model('trees'));
  });
});

describe('the tolerance', () => {
  test.each([
    ['nothing for XGBoost on CPUs', 'ml.m5.xlarge', 0],
    ['a little on GPUs', 'ml.g5.xlarge', 0.01],
    ['a little on Trainium', 'ml.trn1.2xlarge', 0.01],
  ])('is %s', (_, instanceType, maxDifference) => {
    expect(predictionTolerance({ image: 'xgboost-3.0-5' }, instanceType).maxDifference).toBe(maxDifference);
  });

  test('is what the config says, on any instance', () => {
    expect(predictionTolerance({ image: 'xgboost-3.0-5', tolerance: LOOSE }, 'ml.m5.xlarge')).toBe(LOOSE);
  });
});
