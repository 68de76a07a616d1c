/** The sequence s ← (1103515245 s + 12345) mod 2³¹ divided by 2³¹, so that Python can draw the same numbers. */
export function congruential(count: number, seed: number): readonly number[] {
  let state = seed;
  return Array.from({ length: count }, () => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return state / 2147483648;
  });
}

/** 1200 rows with a score, a feature of three values, one of two, and a label that depends on all of them. */
export function sampleRows() {
  const numbers = congruential(4800, 7);
  return Array.from({ length: 1200 }, (_, row) => {
    const [score = 0, second = 0, third = 0, chance = 0] = numbers.slice(4 * row, 4 * row + 4);
    const [x1, x2] = [Math.floor(second * 3), Math.floor(third * 2)];
    const odds = -1 + 2.2 * score + 0.8 * (x1 === 2 ? 1 : 0) - 0.6 * (x2 === 1 ? 1 : 0) * score;
    return { score, x1, x2, label: chance < 1 / (1 + Math.exp(-odds)) ? 1 : 0 };
  });
}
