import { defineModel } from 'modelway';

export const churn = defineModel({
  name: 'churn',
  data: {
    columns: [
      { name: 'signed_up', kind: 'timestamp' },
      { name: 'plan', kind: 'categorical' },
      { name: 'monthly_spend', kind: 'numeric', min: 0 },
      { name: 'left', kind: 'boolean' },
    ],
    target: 'left',
    time: 'signed_up',
  },
  training: { source: 'models/churn', instances: ['ml.m5.large'] },
  serving: {
    kind: 'realtime',
    instanceType: 'ml.m5.large',
    instanceCount: 2,
    strategy: { kind: 'canary', percent: 50, bakeSeconds: 300 },
  },
});
