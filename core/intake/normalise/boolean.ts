import type { Normalise, Violation } from './cell.ts';

const NOT_BOOLEAN: Violation = { rule: 'type', message: 'neither true nor false; write true, false, 1 or 0' };
const WORDS: ReadonlyMap<string, string> = new Map([
  ['true', 'true'],
  ['1', 'true'],
  ['false', 'false'],
  ['0', 'false'],
]);

/** Booleans: `true`, `false`, `1` and `0`, in any case. */
export const normaliseBoolean: Normalise = (cell) => {
  if (cell === 'true' || cell === 'false') return cell;
  if (typeof cell === 'object') return NOT_BOOLEAN;
  const text = String(cell);
  return WORDS.get(text) ?? WORDS.get(text.trim().toLowerCase()) ?? NOT_BOOLEAN;
};
