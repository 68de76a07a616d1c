import { ModelwayError } from './problems.ts';

/** A regular expression as a tree; an atom is one character class, literal or escape, kept as its source. */
export type PatternTree =
  | { readonly kind: 'atom'; readonly source: string }
  | { readonly kind: 'start' | 'end' }
  | { readonly kind: 'sequence' | 'either'; readonly parts: readonly PatternTree[] }
  | { readonly kind: 'repeat'; readonly part: PatternTree; readonly least: number; readonly most: number };

const ATOM =
  /\[(?:\\.|[^\]\\])*\]|\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u\{[^}]*\}|\\[pP]\{[^}]*\}|\\u[0-9a-fA-F]{4}|\\x[0-9a-fA-F]{2}|\\c[A-Za-z]|\\[^bBk1-9]|[^\\()[\]{}*+?|^$]/uy;
const REPEAT = /(?:([*+?])|\{(\d+)(?:(,)(\d*))?\})\??/uy;
const OPEN = /\((?:\?:|\?<[A-Za-z_$][\w$]*>|(?!\?))/uy;

/**
 * Parses the part of the language that a linear-time matcher can run: everything but look-around, back-references and word
 * boundaries.
 * @throws ModelwayError `unsupported-pattern`
 */
export function parsePattern(pattern: string): PatternTree {
  let at = 0;

  const take = (expression: RegExp): RegExpExecArray | null => {
    expression.lastIndex = at;
    const match = expression.exec(pattern);
    if (match !== null) at = expression.lastIndex;
    return match;
  };

  const either = (): PatternTree => {
    const parts = [sequence()];
    while (pattern[at] === '|') {
      at++;
      parts.push(sequence());
    }
    return parts.length === 1 && parts[0] !== undefined ? parts[0] : { kind: 'either', parts };
  };

  const sequence = (): PatternTree => {
    const parts: PatternTree[] = [];
    while (at < pattern.length && pattern[at] !== '|' && pattern[at] !== ')') parts.push(repeated(piece()));
    return { kind: 'sequence', parts };
  };

  const piece = (): PatternTree => {
    if (take(OPEN) !== null) {
      const inner = either();
      if (pattern[at] !== ')') throw unsupported(pattern, at);
      at++;
      return inner;
    }
    const anchor = pattern[at];
    if (anchor === '^' || anchor === '$') {
      at++;
      return { kind: anchor === '^' ? 'start' : 'end' };
    }
    const atom = take(ATOM);
    if (atom === null) throw unsupported(pattern, at);
    return { kind: 'atom', source: atom[0] };
  };

  const repeated = (part: PatternTree): PatternTree => {
    const match = take(REPEAT);
    if (match === null) return part;
    const [, sign, least, comma, most] = match;
    if (sign !== undefined)
      return { kind: 'repeat', part, least: sign === '+' ? 1 : 0, most: sign === '?' ? 1 : Number.POSITIVE_INFINITY };
    const low = Number(least);
    const high = comma === undefined ? low : most === '' ? Number.POSITIVE_INFINITY : Number(most);
    return { kind: 'repeat', part, least: low, most: high };
  };

  const tree = either();
  if (at < pattern.length) throw unsupported(pattern, at);
  return tree;
}

function unsupported(pattern: string, at: number): ModelwayError {
  return new ModelwayError('unsupported-pattern', 'input', [
    {
      path: 'pattern',
      message: `cannot be checked in linear time from character ${at + 1} on: look-around, back-references and \\b are not supported`,
      got: pattern.slice(0, 200),
      fix: 'write the pattern without them',
    },
  ]);
}
