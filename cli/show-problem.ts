import { describeProblem, ModelwayError } from '../contracts/problems.ts';
import type { Io } from './io.ts';

/** Says what went wrong on stderr: every problem on a line of its own; a bug with its stack. */
export function showProblem(error: unknown, io: Io): void {
  if (error instanceof ModelwayError && error.fault !== 'modelway') {
    const [only, ...more] = error.problems;
    if (only !== undefined && more.length === 0) io.err(`modelway: ${describeProblem(only)}\n`);
    else {
      io.err(`modelway: ${error.code}, ${error.problems.length} problems:\n`);
      for (const problem of error.problems) io.err(`  ${describeProblem(problem)}\n`);
    }
    return;
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  io.err(`modelway: this is a bug in modelway, please report it:\n${stack}\n`);
}
