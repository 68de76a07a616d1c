import { sharesOf } from './shares.ts';

/**
 * How much a block resembles the one before it: the autocorrelation at lag 1 of the shares, all bins together. 0: not at all, and
 * for fewer than three blocks; never below 0, since blocks that alternate are no reason to be surer.
 */
export function blockMemory(blocks: readonly (readonly number[])[]): number {
  const shares = blocks.map(sharesOf);
  const mean = (shares[0] ?? []).map(
    (_, bin) => shares.reduce((sum, block) => sum + (block[bin] ?? 0), 0) / shares.length,
  );
  const apart = shares.map((block) => block.map((share, bin) => share - (mean[bin] ?? 0)));
  const product = (lag: number) =>
    apart
      .slice(lag)
      .reduce((sum, block, i) => sum + block.reduce((inner, x, bin) => inner + x * (apart[i]?.[bin] ?? 0), 0), 0);
  const whole = product(0);
  return blocks.length < 3 || whole === 0 ? 0 : Math.max(0, product(1) / whole);
}

/** Of how many independent blocks a variance is known as well as of one that resembles its neighbour by `memory` (Bartlett 1946). */
export function worthOfBlock(memory: number): number {
  return (1 - memory ** 2) / (1 + memory ** 2);
}
