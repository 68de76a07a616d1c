/** How many tests passed, failed and were skipped. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export const NONE: Counts = { passed: 0, failed: 0, skipped: 0 };

/** Adds two counts. */
export function plus(a: Counts, b: Counts): Counts {
  return { passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: a.skipped + b.skipped };
}

/** The closing line of `npm test`. */
export function closingLine({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed${skipped === 0 ? '' : `, ${skipped} skipped`}`;
}

/**
 * Counts of vitest's JSON report. A file that failed outside its tests (it could not be loaded, a
 * hook threw) counts as one failure; so does a run that ended badly without
 * saying why (an unhandled rejection, a crash).
 */
export function countVitest(report: unknown, exitCode: number): Counts {
  const files = listOf(report, 'testResults');
  const tests = files.flatMap((file) => listOf(file, 'assertionResults'));
  const broken = files.filter(
    (file) => text(file, 'status') === 'failed' && !listOf(file, 'assertionResults').some(isFailed),
  );
  const status = (wanted: readonly string[]) => tests.filter((test) => wanted.includes(text(test, 'status'))).length;
  return withCrash(
    {
      passed: status(['passed']),
      failed: status(['failed']) + broken.length,
      skipped: status(['skipped', 'pending', 'todo', 'disabled']),
    },
    exitCode,
  );
}

/** Counts of a JUnit report as pytest writes it: `<testsuite errors= failures= skipped= tests= …>`. */
export function countJunit(xml: string, exitCode: number): Counts {
  const suites = [...xml.matchAll(/<testsuite\s[^>]*>/g)].map(([tag]) => tag);
  const sum = (name: string) =>
    suites.reduce((total, tag) => total + Number(new RegExp(`\\s${name}="(\\d+)"`).exec(tag)?.[1] ?? 0), 0);
  const failed = sum('errors') + sum('failures');
  const skipped = sum('skipped');
  return withCrash({ passed: sum('tests') - failed - skipped, failed, skipped }, exitCode);
}

function withCrash(counts: Counts, exitCode: number): Counts {
  return exitCode !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
}

function isFailed(test: unknown): boolean {
  return text(test, 'status') === 'failed';
}

function listOf(value: unknown, key: string): readonly unknown[] {
  const list: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
  return Array.isArray(list) ? list : [];
}

function text(value: unknown, key: string): string {
  const found: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
  return typeof found === 'string' ? found : '';
}
