import { describe, expect, it } from 'vitest';
import { type ModelConfig, parseModel } from '../../../contracts/model-config.ts';
import { carriedModel, columnsNotWatched } from '../../../core/monitoring/carried-model.ts';
import { watchedFeatures } from '../../../core/profile/watched.ts';

const model: ModelConfig = parseModel({
  name: 'tickets',
  data: {
    columns: [
      { name: 'sent', kind: 'timestamp' },
      { name: 'customer', kind: 'identifier' },
      { name: 'amount', kind: 'numeric' },
      { name: 'subject', kind: 'text' },
      { name: 'body', kind: 'text' },
      { name: 'solved', kind: 'boolean' },
    ],
    target: 'solved',
    time: 'sent',
    entity: 'customer',
  },
  features: [
    { kind: 'numeric', column: 'amount' },
    { kind: 'category', column: 'subject' },
  ],
  training: { source: 'src', instances: ['ml.m5.large'] },
  serving: { kind: 'realtime', instanceType: 'ml.m5.large', instanceCount: 1, strategy: { kind: 'all-at-once' } },
});

describe('the model as requests carry it', () => {
  it('has the columns that features read: their texts are watched by length, other texts are not', () => {
    expect(watchedFeatures(model).map(({ name }) => name)).toContain('body.length');
    expect(watchedFeatures(carriedModel(model)).map(({ name }) => name)).toEqual([
      'amount',
      'subject',
      'subject.length',
    ]);
  });

  it('says of every other column why it is not watched', () => {
    expect(columnsNotWatched(model)).toEqual([
      { column: 'sent', reason: 'the time of training rows; requests have a time of their own' },
      { column: 'customer', reason: 'names the entity of a row, and is no feature' },
      { column: 'body', reason: 'no feature reads it, so requests need not carry it' },
      { column: 'solved', reason: 'the target: labels tell of it' },
    ]);
  });

  it('watches a time that a feature reads', () => {
    const features: ModelConfig['features'] = [{ kind: 'hour', column: 'sent' }];
    expect(columnsNotWatched({ ...model, features }).map(({ column }) => column)).not.toContain('sent');
  });
});
