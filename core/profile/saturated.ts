/** A sum that JSON can keep: beyond the largest number it stays there, and what overflowed both ways is 0. */
export function saturated(sum: number): number {
  if (Number.isNaN(sum)) return 0;
  return Math.max(-Number.MAX_VALUE, Math.min(Number.MAX_VALUE, sum));
}
