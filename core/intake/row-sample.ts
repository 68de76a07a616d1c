/** A bounded sample of a stream of rows, the same for the same stream. */
export interface RowSample<Row> {
  /** Whether the row that comes now is to be kept; asked once for each row, in order. */
  wants(): boolean;
  keep(row: Row, characters: number): void;
  rows(): readonly Row[];
}

/**
 * Keeps each row with one probability, decided by a scrambled count of rows, that halves whenever more than `most` rows or `mostCharacters`
 * are held: between half of `most` and `most` rows of a long stream, spread over all of it and bound to no period in it.
 */
export function rowSample<Row>(most = 10_000, mostCharacters = 2 ** 24): RowSample<Row> {
  let kept: { readonly row: Row; readonly rank: number; readonly characters: number }[] = [];
  let [count, limit, characters, rank] = [0, 2 ** 32, 0, 0];
  return {
    wants: () => {
      rank = scrambled(count++);
      return rank < limit;
    },
    keep: (row, length) => {
      kept.push({ row, rank, characters: length });
      characters += length;
      while (kept.length > most || (characters > mostCharacters && kept.length > 1)) {
        limit /= 2;
        kept = kept.filter((one) => one.rank < limit);
        characters = kept.reduce((sum, one) => sum + one.characters, 0);
      }
    },
    rows: () => kept.map(({ row }) => row),
  };
}

/** A bijection of 32-bit integers whose output looks random (the finaliser of MurmurHash3, Appleby 2011, public domain). */
function scrambled(count: number): number {
  let bits = count + 1;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}
