import { CHECKS } from './checks.ts';
import { checkAll } from './run-checks.ts';

/** `npm run check`: everything that can be said without running the code. */
const failed = (await checkAll(CHECKS)).filter((passed) => !passed).length;
process.exitCode = failed === 0 ? 0 : 1;
