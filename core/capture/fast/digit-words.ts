/** Which of the four bytes of a word are no digits, as four bits. */
export function others(word: number): number {
  const found = ((word + 0x46464646) | 0 | ~(((word | 0x80808080) - 0x30303030) | 0) | word) & 0x80808080;
  return Math.imul(found >>> 7, 0x10204080) >>> 28;
}

/** The number that four digits spell, the first in the lowest byte; bytes of 0 before them count as zeros. */
export function fourDigits(word: number): number {
  const digits = word & 0x0f0f0f0f;
  const pairs = (Math.imul(digits, 10) + (digits >>> 8)) & 0x00ff00ff;
  return (Math.imul(pairs, 100) + (pairs >>> 16)) & 0xffff;
}
