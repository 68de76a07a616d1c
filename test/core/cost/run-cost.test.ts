import { expect, test } from 'vitest';
import { parseModel } from '../../../contracts/model-config.ts';
import { runCost } from '../../../core/cost/run-cost.ts';

const model = (instance: string) =>
  parseModel({
    name: 'churn',
    data: {
      columns: [
        { name: 'age', kind: 'numeric' },
        { name: 'left', kind: 'boolean' },
      ],
      target: 'left',
    },
    training: { source: 'training', instances: [instance], maxRuntimeSeconds: 7200 },
    serving: { kind: 'realtime', instanceType: 'ml.m5.large', instanceCount: 1, strategy: { kind: 'all-at-once' } },
  });

// SageMaker charges instance hours: ml.m5.xlarge $0.23, ml.m5.large $0.115 in us-east-1 (AWS's SageMaker price page).
test('a run costs its hours of training and two batch jobs of a quarter of an hour', () => {
  expect(runCost(model('ml.m5.xlarge'))).toBeCloseTo(2 * 0.23 + 2 * 0.25 * 0.115, 9);
  expect(runCost(model('ml.m5.xlarge'), 900)).toBeCloseTo(0.25 * 0.23 + 2 * 0.25 * 0.115, 9);
});

test('a run costs nobody knows what on an instance that is not in the list', () => {
  expect(runCost(model('ml.z9.huge'))).toBeNull();
});
