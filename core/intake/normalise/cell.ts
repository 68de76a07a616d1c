import type { Rule } from '../../../contracts/findings.ts';

/** A value a format can hold that no column kind accepts: an object, a list, bytes. `shown` is what a finding prints. */
export interface Unfit {
  readonly shown: string;
}

/** One value as read from a file, before it is checked; null and the empty text are a missing value in every format. */
export type Cell = string | number | boolean | null | Unfit;

/** Why a value is not acceptable. */
export interface Violation {
  readonly rule: Rule;
  readonly message: string;
  /** The normal form the value would have, where it could be kept if the rule only warned. */
  readonly text?: string;
}

/**
 * Turns a cell that is present into the one text form of its value, or says what is wrong with it. Equal values have equal
 * texts whatever the file's format, so content can be hashed.
 */
export type Normalise = (cell: Exclude<Cell, null>) => string | Violation;

/** The text a finding shows for a cell, cut at 200 characters. */
export function shownCell(cell: Cell | undefined): string | null {
  if (cell === null || cell === undefined) return null;
  const text = typeof cell === 'object' ? cell.shown : String(cell);
  return text.length > 200 ? `${text.slice(0, 199)}…` : text;
}
