import { type PatternTree, parsePattern } from '../../../contracts/pattern.ts';
import { ModelwayError } from '../../../contracts/problems.ts';

/**
 * Whole-value regular expressions in time linear in the value, whatever the pattern: a non-deterministic automaton, made
 * deterministic as values are read. Characters are tested by the engine's own classes, so `\d`, `[^…]` and `\p{L}` mean what they
 * mean in JavaScript with the flag `u`.
 */

const MOST_NODES = 20_000;
const MOST_CACHED_STATES = 1_000;

type Node =
  | { readonly kind: 'match' }
  | { readonly kind: 'atom'; readonly atom: Atom; readonly next: number }
  | { readonly kind: 'start' | 'end'; readonly next: number }
  | { readonly kind: 'split'; next: readonly number[] };

type Atom = (codePoint: number) => boolean;

interface State {
  readonly nodes: readonly number[];
  readonly accepts: boolean;
  readonly moves: Map<number, State>;
  /** The moves of ASCII once more, where they are found faster. */
  readonly ascii: (State | undefined)[];
}

/** Says whether a whole value matches. */
export interface PatternMatch {
  (value: string): boolean;
  /** The same for bytes of ASCII, of which no text has to be made. */
  bytes(value: Uint8Array, start: number, end: number): boolean;
}

/** Compiles a pattern. @throws ModelwayError `unsupported-pattern` */
export function matchPattern(pattern: string): PatternMatch {
  const { nodes, entry } = automaton(parsePattern(pattern), pattern);
  const follow = closure(nodes);
  const states = new Map<string, State>();

  const stateOf = (seeds: readonly number[], atStart: boolean): State => {
    const reached = follow(seeds, atStart, false);
    const key = reached.join(',');
    const known = states.get(key);
    if (known !== undefined) return known;
    if (states.size >= MOST_CACHED_STATES) forget();
    const accepts = follow(reached, atStart, true).some((node) => nodes[node]?.kind === 'match');
    const state: State = { nodes: reached, accepts, moves: new Map(), ascii: [] };
    states.set(key, state);
    return state;
  };

  // Dropping the cache bounds memory; matching stays linear, only slower.
  const forget = (): void => {
    states.clear();
    first.moves.clear();
    first.ascii.length = 0;
  };

  const move = (from: State, codePoint: number): State => {
    const seeds = from.nodes.flatMap((index) => {
      const node = nodes[index];
      return node?.kind === 'atom' && node.atom(codePoint) ? [node.next] : [];
    });
    const state = stateOf(seeds, false);
    if (from.moves.size < MOST_CACHED_STATES) from.moves.set(codePoint, state);
    if (codePoint < 128) from.ascii[codePoint] = state;
    return state;
  };

  const first = stateOf([entry], true);
  const bytes = (value: Uint8Array, start: number, end: number): boolean => {
    let state = first;
    for (let at = start; at < end; at++) {
      const code = value[at] ?? 0;
      state = state.ascii[code] ?? move(state, code);
      if (state.nodes.length === 0) return false;
    }
    return state.accepts;
  };
  const text = (value: string): boolean => {
    let state = first;
    for (let at = 0; at < value.length; at++) {
      const codePoint = value.codePointAt(at) ?? 0;
      if (codePoint > 0xffff) at++;
      state = state.moves.get(codePoint) ?? move(state, codePoint);
      if (state.nodes.length === 0) return false;
    }
    // At position 0 `^` may still hold when `$` does, so the empty value is asked of the first state.
    return state.accepts;
  };
  return Object.assign(text, { bytes });
}

function closure(nodes: readonly Node[]) {
  return (seeds: readonly number[], atStart: boolean, atEnd: boolean): number[] => {
    const reached = new Set<number>();
    const waiting = [...seeds];
    for (let index = waiting.pop(); index !== undefined; index = waiting.pop()) {
      if (reached.has(index)) continue;
      reached.add(index);
      const node = nodes[index];
      if (node?.kind === 'split') waiting.push(...node.next);
      if (node?.kind === 'start' && atStart) waiting.push(node.next);
      if (node?.kind === 'end' && atEnd) waiting.push(node.next);
    }
    return [...reached].sort((a, b) => a - b);
  };
}

function automaton(tree: PatternTree, pattern: string): { nodes: readonly Node[]; entry: number } {
  const nodes: Node[] = [];
  const atoms = new Map<string, Atom>();
  const add = (node: Node): number => {
    if (nodes.length >= MOST_NODES) throw tooLarge(pattern);
    return nodes.push(node) - 1;
  };
  const build = (part: PatternTree, next: number): number => {
    switch (part.kind) {
      case 'atom':
        return add({ kind: 'atom', atom: atomOf(part.source, atoms), next });
      case 'start':
      case 'end':
        return add({ kind: part.kind, next });
      case 'sequence':
        return part.parts.reduceRight((after, piece) => build(piece, after), next);
      case 'either':
        return add({ kind: 'split', next: part.parts.map((piece) => build(piece, next)) });
      case 'repeat':
        return repeat(part.part, part.least, part.most, next);
      default:
        return part satisfies never;
    }
  };
  const repeat = (part: PatternTree, least: number, most: number, next: number): number => {
    let entry = next;
    if (most === Number.POSITIVE_INFINITY) {
      const loop: Node = { kind: 'split', next: [] };
      entry = add(loop);
      loop.next = [build(part, entry), next];
    } else for (let copy = least; copy < most; copy++) entry = add({ kind: 'split', next: [build(part, entry), next] });
    for (let copy = 0; copy < least; copy++) entry = build(part, entry);
    return entry;
  };
  const entry = build(tree, add({ kind: 'match' }));
  return { nodes, entry };
}

function atomOf(source: string, known: Map<string, Atom>): Atom {
  const found = known.get(source);
  if (found !== undefined) return found;
  const expression = new RegExp(`^${source}$`, 'u');
  const answers = new Map<number, boolean>();
  const atom: Atom = (codePoint) => {
    const answer = answers.get(codePoint);
    if (answer !== undefined) return answer;
    const fits = expression.test(String.fromCodePoint(codePoint));
    if (answers.size < 10_000) answers.set(codePoint, fits);
    return fits;
  };
  known.set(source, atom);
  return atom;
}

function tooLarge(pattern: string): ModelwayError {
  return new ModelwayError('unsupported-pattern', 'input', [
    {
      path: 'pattern',
      message: `unfolds to more than ${MOST_NODES} positions`,
      got: pattern.slice(0, 200),
      fix: 'use smaller counts in {…}, and maxLength for the length',
    },
  ]);
}
