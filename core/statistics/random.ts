/** Uniform numbers in [0, 1), the same sequence for the same seed on every machine. */
export type Random = () => number;

/**
 * A seeded generator: Doty-Humphrey's sfc32 (passes PractRand to 2⁴⁸ bytes), seeded through SplitMix32 so that close seeds do not
 * give close sequences.
 */
export function seededRandom(seed: number): Random {
  const next = splitMix32(seed);
  let [a, b, c, counter] = [next(), next(), next(), 1];
  return () => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 2 ** 32;
  };
}

function splitMix32(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = state ^ (state >>> 16);
    mixed = Math.imul(mixed, 0x21f0aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a2d97);
    return mixed ^ (mixed >>> 15);
  };
}

/** A seed of its own for each name below one seed, so that adding a feature does not change the draws of the others (FNV-1a). */
export function namedSeed(seed: number, name: string): number {
  let hash = Math.imul(0x811c9dc5 ^ seed, 0x01000193);
  for (const character of name) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  return hash;
}
