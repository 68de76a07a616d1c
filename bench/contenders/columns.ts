import type { Feature } from '../../contracts/features.ts';
import type { WatchedModel } from '../../core/profile/watched.ts';

const two = (index: number) => String(index).padStart(2, '0');
/** Names of the numeric columns. */
export const NUMERIC = Array.from({ length: 20 }, (_, index) => `n${two(index)}`);
/** Names of the category columns. */
export const CATEGORIES = Array.from({ length: 10 }, (_, index) => `c${two(index)}`);
/** Columns of the generated rows, in their order. */
export const COLUMNS: readonly string[] = [...NUMERIC, ...CATEGORIES];

/** A model that watches all of them. */
export const MODEL: WatchedModel = {
  features: [
    ...NUMERIC.map((column): Feature => ({ kind: 'numeric', column })),
    ...CATEGORIES.map((column): Feature => ({ kind: 'category', column })),
  ],
};
