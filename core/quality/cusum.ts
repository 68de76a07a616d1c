/** One step of a sequence: a deviation in standard errors of its own chance. */
const SLACK = 0.5;

/**
 * One-sided CUSUM for a fall (Page 1954): S ← max(0, S − z − ½). Returns the last S. With h = 6.2 and independent standard normal
 * z it passes h about once in 3000 steps.
 */
export function fallingCusum(zs: readonly number[]): number {
  return zs.reduce((sum, z) => Math.max(0, sum - z - SLACK), 0);
}
