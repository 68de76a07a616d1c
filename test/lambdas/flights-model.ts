import { type ModelConfig, parseModel } from '../../contracts/model-config.ts';

/** A small flight model for handler tests: a time, two numbers, a place; what is left out takes its default. */
export function flightsModel(changed: { readonly gates?: object; readonly monitoring?: object } = {}): ModelConfig {
  return parseModel({
    name: 'flights',
    data: {
      columns: [
        { name: 'departs', kind: 'timestamp' },
        { name: 'distance', kind: 'numeric', min: 0 },
        { name: 'earlier', kind: 'numeric', nullable: true },
        { name: 'origin', kind: 'categorical' },
        { name: 'late', kind: 'boolean' },
      ],
      target: 'late',
      time: 'departs',
    },
    features: [
      { kind: 'hour', column: 'departs' },
      { kind: 'numeric', column: 'distance' },
      { kind: 'numeric', column: 'earlier' },
      { kind: 'category', column: 'origin' },
    ],
    training: { source: 'src', instances: ['ml.m5.large'] },
    serving: { kind: 'realtime', instanceType: 'ml.m5.large', instanceCount: 1, strategy: { kind: 'all-at-once' } },
    ...changed,
  });
}

export const FEATURES = ['departs.hour', 'distance', 'earlier', 'origin'] as const;
