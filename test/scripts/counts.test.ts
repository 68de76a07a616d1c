import { describe, expect, test } from 'vitest';
import { closingLine, countJunit, countVitest, plus } from '../../scripts/counts.ts';

const file = (...statuses: readonly string[]) => ({
  status: statuses.includes('failed') ? 'failed' : 'passed',
  assertionResults: statuses.map((status) => ({ status })),
});

describe('the counts of npm test', () => {
  test('add up what every runner says', () => {
    const vitest = countVitest({ testResults: [file('passed', 'passed'), file('failed', 'skipped')] }, 1);
    const pytest = countJunit(
      '<testsuites><testsuite name="pytest" errors="1" failures="2" skipped="1" tests="9" /></testsuites>',
      1,
    );
    expect(vitest).toEqual({ passed: 2, failed: 1, skipped: 1 });
    expect(pytest).toEqual({ passed: 5, failed: 3, skipped: 1 });
    expect(closingLine(plus(vitest, pytest))).toBe('7 passed, 4 failed, 2 skipped');
  });

  test('close with the plain line when nothing was skipped', () => {
    expect(closingLine({ passed: 3, failed: 0, skipped: 0 })).toBe('3 passed, 0 failed');
  });

  test('count a test file that could not be loaded as a failure', () => {
    expect(countVitest({ testResults: [{ status: 'failed', assertionResults: [] }, file('passed')] }, 1)).toEqual({
      passed: 1,
      failed: 1,
      skipped: 0,
    });
  });

  test('count a file whose hook failed, so that its tests were skipped, as a failure', () => {
    const report = { testResults: [{ ...file('skipped', 'skipped'), status: 'failed' }, file('passed')] };
    expect(countVitest(report, 1)).toEqual({ passed: 1, failed: 1, skipped: 2 });
    const two = { testResults: [{ ...file('skipped'), status: 'failed' }, file('failed')] };
    expect(countVitest(two, 1).failed).toBe(2);
  });

  test('count a runner that crashed as a failure, though every test it reported passed', () => {
    expect(countVitest({ testResults: [file('passed')] }, 1).failed).toBe(1);
    expect(countVitest(undefined, 1)).toEqual({ passed: 0, failed: 1, skipped: 0 });
    expect(countJunit('', 2)).toEqual({ passed: 0, failed: 1, skipped: 0 });
  });
});
