import type { Check } from './checks.ts';
import { runProgram, sideBySide } from './run-program.ts';

const WIDTH = 2;

/** Runs checks, prints one line for each and the output of those that failed; answers who passed. */
export function checkAll(checks: readonly Check[]): Promise<readonly boolean[]> {
  return sideBySide(checks, WIDTH, async (check) => {
    const { code, output, seconds } = await runProgram(check.command, check.args, false);
    const passed = code === 0;
    console.log(`${passed ? 'ok  ' : 'FAIL'} ${check.name} (${seconds.toFixed(1)} s)`);
    if (!passed) console.log(output.trimEnd());
    return passed;
  });
}
