import { describe, expect, it } from 'vitest';
import { numberOf, watchedFeatures } from '../../../core/profile/watched.ts';

describe('numberOf', () => {
  it('takes numbers, texts of numbers and truth values; the rest is missing', () => {
    expect([1.5, '2', ' 3e1 ', true, false].map(numberOf)).toEqual([1.5, 2, 30, 1, 0]);
    for (const value of [null, undefined, '', ' ', 'many', 'Infinity', Number.NaN]) expect(numberOf(value)).toBeNaN();
  });
});

describe('watchedFeatures', () => {
  it('watches a name once, however often it is declared', () => {
    const features = watchedFeatures({
      features: [
        { kind: 'numeric', column: 'a' },
        { kind: 'category', column: 'a' },
        { kind: 'hour', column: 'a' },
      ],
    });
    expect(features.map(({ name, kind }) => [name, kind])).toEqual([
      ['a', 'numeric'],
      ['a.hour', 'category'],
    ]);
  });

  it('reads one truth however it is written', () => {
    const [feature] = watchedFeatures({ features: [{ kind: 'boolean', column: 'b' }] });
    const read = [true, 'True', 1, '1', false, '0', null, ''].map((b) => feature?.read({ b }));
    expect(read).toEqual(['true', 'true', 'true', 'true', 'false', 'false', undefined, undefined]);
  });
});
