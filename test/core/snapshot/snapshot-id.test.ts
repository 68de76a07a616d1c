import { describe, expect, test } from 'vitest';
import { snapshotId, trainingConfig } from '../../../core/snapshot/snapshot-id.ts';
import { parcels as model } from './parcels.ts';

describe('a snapshot’s name', () => {
  test('follows from versions, shares, features, seed and golden rows', () => {
    const base = snapshotId(model({ time: 'at' }), ['a', 'b']);
    expect(snapshotId(model({ time: 'at' }), ['a', 'b'])).toBe(base);
    const others = [
      snapshotId(model({ time: 'at' }), ['b', 'a']),
      snapshotId(model(), ['a', 'b']),
      snapshotId(model({ time: 'at' }, { training: { source: 's', instances: ['ml.m5.large'], seed: 8 } }), ['a', 'b']),
      snapshotId(model({ time: 'at' }, { training: { source: 's', instances: ['ml.m5.large'], testShare: 0.3 } }), [
        'a',
        'b',
      ]),
      snapshotId(model({ time: 'at' }, { features: [{ kind: 'numeric', column: 'weight' }] }), ['a', 'b']),
      snapshotId(model({ time: 'at' }, { gates: { goldenRows: [{ name: 'g', instance: {} }] } }), ['a', 'b']),
    ];
    expect(new Set([base, ...others]).size).toBe(others.length + 1);
  });

  test('does not follow from how the model is served or trained elsewhere', () => {
    const other = model(
      { time: 'at' },
      { approval: 'automatic', training: { source: 'elsewhere', instances: ['ml.c5.large'] } },
    );
    expect(snapshotId(other, ['a'])).toBe(snapshotId(model({ time: 'at' }), ['a']));
  });
});

test('the training config names the model, its data, target, features and seed', () => {
  expect(trainingConfig(model())).toMatchObject({ model: 'parcels', target: 'late', seed: 7 });
});
