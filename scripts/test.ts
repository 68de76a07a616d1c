import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CHECKS } from './checks.ts';
import { type Counts, closingLine, countJunit, countVitest, NONE, plus } from './counts.ts';
import { checkAll } from './run-checks.ts';
import { ROOT, runProgram } from './run-program.ts';

/** Python tests: the folder, and the environment they need. */
const PYTHON_TESTS = [
  { folder: 'test/container', environment: 'container' },
  { folder: 'test/rehearsal/emulator', environment: 'emulator' },
];

/** `npm test`: the checks, then vitest, then pytest; closes with `N passed, N failed`. */
async function main(): Promise<void> {
  const reports = mkdtempSync(join(tmpdir(), 'modelway-test-'));
  process.once('exit', () => {
    rmSync(reports, { recursive: true, force: true });
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => {
      process.exit(130);
    });
  const started = performance.now();
  const passed = await checkAll(CHECKS);
  let counts: Counts = {
    passed: passed.filter((ok) => ok).length,
    failed: passed.filter((ok) => !ok).length,
    skipped: 0,
  };
  counts = plus(counts, await vitest(reports));
  for (const { folder, environment } of PYTHON_TESTS) counts = plus(counts, await pytest(reports, folder, environment));
  console.log(`\nall tests took ${((performance.now() - started) / 1000).toFixed(0)} s`);
  console.log(closingLine(counts));
  process.exitCode = counts.failed === 0 ? 0 : 1;
}

async function vitest(reports: string): Promise<Counts> {
  const report = join(reports, 'vitest.json');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const { code } = await runProgram('vitest', ['run', ...reporters], true);
  const counts = countVitest(existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : undefined, code);
  console.log(`vitest: ${closingLine(counts)}`);
  return counts;
}

async function pytest(reports: string, folder: string, environment: string): Promise<Counts> {
  if (!hasPythonTests(folder)) return NONE;
  const report = join(reports, `${environment}.xml`);
  const python = join(ROOT, '.venvs', environment, 'bin', 'python');
  const options = [
    '-q',
    '-p',
    'no:cacheprovider',
    `--junit-xml=${report}`,
    '--color',
    process.stdout.isTTY ? 'yes' : 'no',
  ];
  const { code } = await runProgram(python, ['-m', 'pytest', ...options, folder], true);
  const counts = countJunit(existsSync(report) ? readFileSync(report, 'utf8') : '', code);
  console.log(`${folder}: ${closingLine(counts)}`);
  return counts;
}

function hasPythonTests(folder: string): boolean {
  const path = join(ROOT, folder);
  return (
    existsSync(path) && readdirSync(path, { recursive: true }).some((file) => /(^|\/)test_.*\.py$/.test(String(file)))
  );
}

await main();
