import { describe, expect, test } from 'vitest';
import { environmentChanges, environmentText } from '../../../core/reproduction/environment.ts';

const text = (more: object = {}) =>
  JSON.stringify({ python: '3.11.7', packages: { numpy: '2.1.0' }, threads: { SM_NUM_CPUS: '8' }, ...more });

describe('an environment', () => {
  test('is told in a few words', () => {
    expect(environmentText(text())).toBe('Python 3.11.7, 1 package, 8 threads');
    expect(environmentText(text({ threads: {} }))).toBe('Python 3.11.7, 1 package');
  });

  test.each([undefined, '', '{', '[]', '{"packages": {}}', '{"python": 3}'])('is not told of %j', (given) => {
    expect(environmentText(given)).toBeNull();
  });

  test('differs from another by every setting that is not the same, sorted', () => {
    expect(environmentChanges(text(), text())).toEqual([]);
    expect(environmentChanges(text(), text({ libc: 'glibc 2.36', packages: {} }))).toEqual([
      { what: 'libc', original: null, again: 'glibc 2.36' },
      { what: 'packages.numpy', original: '2.1.0', again: null },
    ]);
  });

  test('with settings named like parts of objects is compared as any other', () => {
    const hostile = '{"__proto__": {"x": "1"}, "constructor": "y"}';
    expect(environmentChanges('{}', hostile).map(({ what }) => what)).toEqual(['__proto__.x', 'constructor']);
  });
});
