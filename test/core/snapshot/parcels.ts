import { type ModelConfig, parseModel } from '../../../contracts/model-config.ts';

/** A model of late parcels, with a time or an entity when a test is about them. */
export function parcels(data: { time?: string; entity?: string } = {}, more: object = {}): ModelConfig {
  return parseModel({
    name: 'parcels',
    data: {
      columns: [
        { name: 'at', kind: 'timestamp', nullable: true },
        { name: 'who', kind: 'identifier', nullable: true },
        { name: 'weight', kind: 'numeric' },
        { name: 'count', kind: 'numeric', integer: true, nullable: true },
        { name: 'late', kind: 'boolean', nullable: true },
      ],
      target: 'late',
      ...data,
    },
    training: { source: 'src', instances: ['ml.m5.large'] },
    serving: { kind: 'realtime', instanceType: 'ml.m5.large', instanceCount: 1, strategy: { kind: 'all-at-once' } },
    ...more,
  });
}
