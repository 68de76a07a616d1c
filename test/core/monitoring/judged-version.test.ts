import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { answeredBy, judgedVersion } from '../../../core/monitoring/judged-version.ts';

const at = (time: string) => `2001-02-02T${time}:00.000Z`;
const version = (packageArn: string, rows: number, time: string) => ({ packageArn, rows, lastAt: at(time) });

describe('judgedVersion', () => {
  it('is the version that answered last, of those with enough rows', () => {
    const versions = [version('old', 5000, '18:00'), version('new', 1000, '23:59')];
    expect(judgedVersion(versions, 1000, ['old'])?.packageArn).toBe('new');
    expect(judgedVersion(versions, 1001, ['new'])?.packageArn).toBe('old');
  });

  it('is the last one of all when none has enough rows, and none without versions', () => {
    const versions = [version('old', 900, '18:00'), version('new', 10, '23:59')];
    expect(judgedVersion(versions, 1000, [])?.packageArn).toBe('new');
    expect(judgedVersion([], 1000, ['old'])).toBe(undefined);
  });

  it('is the one that was kept when several answered side by side to the end, then the one with most rows', () => {
    const versions = [version('stays', 9000, '23:58'), version('canary', 2000, '23:59')];
    expect(judgedVersion(versions, 1000, [])?.packageArn).toBe('stays');
    expect(judgedVersion(versions, 1000, [undefined, 'canary'])?.packageArn).toBe('canary');
    expect(judgedVersion(versions, 1000, ['stays', 'canary'])?.packageArn).toBe('stays');
    expect(judgedVersion(versions, 1000, ['gone'])?.packageArn).toBe('stays');
  });

  it('is one whose answers have no time only where no other has one', () => {
    const untimed = { packageArn: 'merged', rows: 5000, lastAt: '' };
    expect(judgedVersion([untimed, version('new', 1000, '10:00')], 1000, [])?.packageArn).toBe('new');
    expect(judgedVersion([untimed], 1000, [])?.packageArn).toBe('merged');
  });

  it('does not depend on the order of the versions', () => {
    const arbitrary = fc.uniqueArray(
      fc.record({
        packageArn: fc.constantFrom('a', 'b', 'c', 'd'),
        rows: fc.integer({ min: 0, max: 3 }),
        lastAt: fc.integer({ min: 10, max: 20 }).map((minute) => at(`23:${minute}`)),
      }),
      { selector: ({ packageArn }) => packageArn },
    );
    fc.assert(
      fc.property(arbitrary, fc.integer({ min: 0, max: 3 }), (versions, minimum) => {
        expect(judgedVersion(versions.toReversed(), minimum, ['b'])).toEqual(judgedVersion(versions, minimum, ['b']));
      }),
    );
  });
});

describe('answeredBy', () => {
  const answering = { live: { packageArn: 'new' }, since: at('18:00'), before: 'old' };
  it('is the package that the answer names, else the one that served at its time', () => {
    expect(answeredBy('other', Date.parse(at('17:00')), answering)).toBe('other');
    expect(answeredBy(null, Date.parse(at('17:59')), answering)).toBe('old');
    expect(answeredBy(null, Date.parse(at('18:00')), answering)).toBe('new');
    expect(answeredBy(null, Date.parse(at('17:59')), { ...answering, before: null })).toBe('new');
  });
});
