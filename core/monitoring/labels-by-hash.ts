import type { Label } from '../../contracts/labels.ts';
import { holdsId, idHash } from './id-index.ts';

/** Labels whose window is not known yet. */
export interface UnplacedLabels {
  /** Takes out the labels whose prediction is among the sorted hashes of a window, in the order in which they came. */
  readonly takeFound: (ids: BigUint64Array) => readonly Label[];
  /** How many ids are not placed yet. */
  readonly left: () => number;
  /** Labels that were not taken out, in the order in which they came. */
  readonly rest: () => readonly Label[];
}

/**
 * Labels by the hash of their id. Each window costs a look-up for every id or for every label that is left, whichever are fewer, so that
 * the whole search costs no more than the windows have ids.
 */
export function unplacedLabels(labels: readonly Label[]): UnplacedLabels {
  const places = new Map<bigint, number[]>();
  for (const [place, { inferenceId }] of labels.entries()) {
    const hash = idHash(inferenceId);
    const known = places.get(hash);
    if (known === undefined) places.set(hash, [place]);
    else known.push(place);
  }
  const inOrder = (found: readonly number[]) => found.toSorted((a, b) => a - b).flatMap((place) => labels[place] ?? []);
  return {
    takeFound: (ids) => {
      const hashes = ids.length < places.size ? ids : [...places.keys()].filter((hash) => holdsId(ids, hash));
      const found: number[] = [];
      for (const hash of hashes) {
        const here = places.get(hash);
        if (here === undefined) continue;
        for (const place of here) found.push(place);
        places.delete(hash);
      }
      return inOrder(found);
    },
    left: () => places.size,
    rest: () => inOrder([...places.values()].flat()),
  };
}
