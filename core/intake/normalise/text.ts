import type { Column } from '../../../contracts/data-schema.ts';
import { matchPattern } from '../pattern/match-pattern.ts';
import type { Cell, Normalise, Violation } from './cell.ts';

/** Longest text of a column that says nothing of it, in characters. */
export const DEFAULT_MAX_LENGTH = 10_000;
const NOT_TEXT: Violation = { rule: 'type', message: 'not a text: a list, an object or bytes cannot be a cell' };
const BROKEN_TEXT: Violation = {
  rule: 'type',
  message: 'holds a NUL character or half a surrogate pair, which no text has',
};

/** Categorical, text and identifier columns: the text as it is; numbers and booleans (JSON, Parquet) as they are written. */
export function normaliseText(column: Column): Normalise {
  const longest = column.maxLength ?? DEFAULT_MAX_LENGTH;
  const allowed = column.values === undefined ? undefined : new Set(column.values);
  const fits = column.pattern === undefined ? undefined : matchPattern(column.pattern);
  const violations = {
    length: { rule: 'length', message: `longer than ${longest} characters` },
    values: { rule: 'values', message: `not one of the ${allowed?.size ?? 0} allowed values` },
    pattern: { rule: 'pattern', message: `does not match ${column.pattern ?? ''}` },
  } as const satisfies Record<string, Violation>;
  return (cell) => {
    const text = plainText(cell);
    if (text === undefined) return NOT_TEXT;
    // Code units are at least as many as characters, so most cells need no counting.
    const tooLong = text.length > longest && characters(text) > longest;
    if (!text.isWellFormed() || text.includes('\0')) return BROKEN_TEXT;
    if (tooLong) return { ...violations.length, text };
    if (allowed !== undefined) return allowed.has(text) ? text : { ...violations.values, text };
    return fits === undefined || fits(text) ? text : { ...violations.pattern, text };
  };
}

function plainText(cell: Exclude<Cell, null>): string | undefined {
  if (typeof cell === 'string') return cell;
  return typeof cell === 'object' ? undefined : String(cell);
}

function characters(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}
