/**
 * One p-value for "nothing changed in any of these tests": min over i of n p₍ᵢ₎ / i (Simes 1986); valid for independent tests and for
 * those that are positively dependent. 1 for no tests.
 */
export function simes(pValues: readonly number[]): number {
  return pValues
    .toSorted((a, b) => a - b)
    .reduce((least, p, index) => Math.min(least, (p * pValues.length) / (index + 1)), 1);
}
