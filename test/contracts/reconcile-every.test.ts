import { expect, test } from 'vitest';
import { configProblems } from '../../contracts/config-problems.ts';
import { parsePlatform } from '../../contracts/model-config.ts';

const problemsWith = (monitoring: object | undefined) =>
  configProblems(
    parsePlatform({
      models: [
        {
          name: 'churn',
          data: {
            columns: [
              { name: 'x', kind: 'numeric' },
              { name: 'y', kind: 'boolean' },
            ],
            target: 'y',
          },
          training: { source: 's', instances: ['ml.m5.large'] },
          serving: {
            kind: 'realtime',
            instanceType: 'ml.m5.large',
            instanceCount: 1,
            strategy: { kind: 'all-at-once' },
          },
          monitoring,
        },
      ],
    }),
  );

test('requests are counted over every hour where nothing else is said, and no more rarely than windows are judged', () => {
  expect(problemsWith(undefined)).toEqual([]);
  expect(problemsWith({ every: 'hour' })).toEqual([]);
  expect(problemsWith({ every: 'week', reconcileEvery: 'week' })).toEqual([]);
  expect(problemsWith({ every: 'day', reconcileEvery: 'week' })).toEqual([
    expect.objectContaining({
      path: 'models[0].monitoring.reconcileEvery',
      got: '"week"',
      fix: expect.stringContaining("'day'"),
    }),
  ]);
});
