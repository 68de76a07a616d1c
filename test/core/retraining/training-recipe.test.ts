import { expect, test } from 'vitest';
import { parseModel } from '../../../contracts/model-config.ts';
import { trainingRecipe } from '../../../core/retraining/training-recipe.ts';

const config = {
  name: 'churn',
  data: {
    columns: [
      { name: 'age', kind: 'numeric' },
      { name: 'left', kind: 'boolean' },
    ],
    target: 'left',
  },
  training: { source: 'training', instances: ['ml.m5.large'] },
  serving: { kind: 'realtime', instanceType: 'ml.c5.xlarge', instanceCount: 1, strategy: { kind: 'all-at-once' } },
};
const recipe = (training: object = {}, more: object = {}, code = 'hash') =>
  trainingRecipe(parseModel({ ...config, ...more, training: { ...config.training, ...training } }), code);

test('a recipe changes with code, hyperparameters, schema, features and seed', () => {
  const others = [
    recipe({}, {}, 'other hash'),
    recipe({ hyperparameters: { depth: 3 } }),
    recipe({ seed: 8 }),
    recipe({}, { features: [{ kind: 'numeric', column: 'age', clip: [0, 100] }] }),
    recipe({}, { data: { ...config.data, columns: [...config.data.columns, { name: 'plan', kind: 'categorical' }] } }),
  ];
  expect(new Set([recipe(), ...others]).size).toBe(1 + others.length);
});

test('a recipe stays with other machines, time limits, serving and words', () => {
  expect(recipe({ instances: ['ml.m5.4xlarge'], maxRuntimeSeconds: 60 }, { description: 'new' })).toBe(recipe());
});
