import { describe, expect, test } from 'vitest';
import type { Serving, Strategy } from '../../contracts/deployment.ts';
import { deploymentArithmetic, deploymentSeconds } from '../../contracts/deployment-arithmetic.ts';

function problemsOf(strategy: Strategy, instanceCount = 4, periodSeconds?: 10 | 60 | 300): readonly string[] {
  const rollback = periodSeconds === undefined ? {} : { rollback: { periodSeconds } };
  const serving: Serving = { kind: 'realtime', instanceType: 'ml.m5.large', instanceCount, strategy, ...rollback };
  return deploymentArithmetic(serving).map((problem) => problem.path.join('.'));
}

describe('the arithmetic of a deployment', () => {
  test('refuses to shift a share of a fleet of one', () => {
    expect(problemsOf({ kind: 'canary', percent: 10, bakeSeconds: 600 }, 1)).toEqual(['instanceCount']);
    expect(problemsOf({ kind: 'linear', stepPercent: 50, bakeSeconds: 600 }, 1)).toEqual(['instanceCount']);
    expect(problemsOf({ kind: 'rolling', batchPercent: 50, bakeSeconds: 600 }, 1)).toEqual(['instanceCount']);
    expect(problemsOf({ kind: 'all-at-once' }, 1)).toEqual([]);
  });

  test('refuses a bake that ends before its alarms can go off', () => {
    expect(problemsOf({ kind: 'canary', percent: 50, bakeSeconds: 600 }, 2, 300)).toEqual([]);
    expect(problemsOf({ kind: 'canary', percent: 50, bakeSeconds: 599 }, 2, 300)).toEqual(['strategy.bakeSeconds']);
    expect(problemsOf({ kind: 'canary', percent: 50, bakeSeconds: 60 }, 2)).toEqual(['strategy.bakeSeconds']);
    expect(problemsOf({ kind: 'canary', percent: 50, bakeSeconds: 60 }, 2, 10)).toEqual([]);
  });

  test('refuses to drop the old fleet before the alarms of the new one can go off', () => {
    expect(problemsOf({ kind: 'all-at-once', keepOldSeconds: 0 })).toEqual(['strategy.keepOldSeconds']);
    expect(problemsOf({ kind: 'all-at-once', keepOldSeconds: 120 })).toEqual([]);
  });

  test('refuses waits that outlast the longest deployment SageMaker allows', () => {
    expect(problemsOf({ kind: 'linear', stepPercent: 10, bakeSeconds: 3600 })).toEqual(['strategy']);
    expect(problemsOf({ kind: 'linear', stepPercent: 50, bakeSeconds: 3600 })).toEqual([]);
  });

  test('reports every contradiction at once', () => {
    expect(problemsOf({ kind: 'canary', percent: 50, bakeSeconds: 60 }, 1)).toEqual([
      'instanceCount',
      'strategy.bakeSeconds',
    ]);
  });

  test('has nothing to say of serverless and batch models', () => {
    expect(deploymentArithmetic({ kind: 'batch', instanceType: 'ml.m5.large' })).toEqual([]);
    expect(deploymentArithmetic({ kind: 'serverless', memoryMegabytes: 1024, maxConcurrency: 1 })).toEqual([]);
  });

  test('adds up all waits: steps, bakes and the time the old fleet is kept', () => {
    expect(deploymentSeconds({ kind: 'canary', percent: 50, bakeSeconds: 300, keepOldSeconds: 60 })).toBe(360);
    expect(deploymentSeconds({ kind: 'linear', stepPercent: 30, bakeSeconds: 100, keepOldSeconds: 0 })).toBe(400);
    expect(deploymentSeconds({ kind: 'rolling', batchPercent: 40, bakeSeconds: 100 })).toBe(300);
    expect(deploymentSeconds({ kind: 'all-at-once' })).toBe(600);
  });
});
