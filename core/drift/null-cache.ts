/** Null distributions that were drawn before, by what they depend on. */
export type NullCache = Map<string, readonly number[]>;

/** Steps of the window's size below which null distributions are taken for equal. */
const STEP = 1.05;
/** Sizes up to here are taken as they are: the steps would be finer than one row. */
const EXACT = 40;

/**
 * The size for which a null distribution is drawn: the largest step at or below `rows`, so that windows of about one size share
 * their draws. A smaller window differs more by chance, which errs on the side of calm.
 */
export function stepBelow(rows: number): number {
  if (rows <= EXACT) return rows;
  return Math.min(rows, Math.ceil(STEP ** Math.floor(Math.log(rows) / Math.log(STEP))));
}

/** The draws kept under `key`, or new ones, which are kept then. */
export function drawnOnce(cache: NullCache | undefined, key: string, draw: () => readonly number[]): readonly number[] {
  const kept = cache?.get(key);
  if (kept !== undefined) return kept;
  const draws = draw();
  cache?.set(key, draws);
  return draws;
}
