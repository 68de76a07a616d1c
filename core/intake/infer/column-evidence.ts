import { normaliseBoolean } from '../normalise/boolean.ts';
import type { Cell, Normalise } from '../normalise/cell.ts';
import { normaliseNumber } from '../normalise/number.ts';
import { instantText, namesZone } from '../normalise/timestamp.ts';
import { almost } from './almost.ts';
import { type Shape, shapeOf, wider } from './text-shape.ts';

/** Distinct values remembered one by one; beyond this a column has many. */
export const MOST_VALUES = 1000;
const MOST_HASHES = 1_000_000;
const LONGEST_VALUE = 200;

/** What the values of one column have shown so far. `…Only` is true while every present value is of that form. */
export interface ColumnEvidence {
  readonly rows: number;
  readonly missing: number;
  readonly numbersOnly: boolean;
  /** Every value is a number with a decimal comma, or a whole one. */
  readonly commaNumbersOnly: boolean;
  readonly wholeOnly: boolean;
  /** Some number has a leading zero, or more digits than a double keeps: it is a code, not a quantity. */
  readonly codes: boolean;
  readonly booleansOnly: boolean;
  readonly instantsOnly: boolean;
  readonly zonesOnly: boolean;
  /** A list, an object or bytes was seen, which no column takes. */
  readonly unfit: boolean;
  readonly least: number;
  readonly greatest: number;
  /** Earliest and latest instant in normal form. */
  readonly earliest: string;
  readonly latest: string;
  readonly longest: number;
  /** Values in the order they were met; undefined when there are more than 1000, or long ones. */
  readonly values: ReadonlyMap<string, number> | undefined;
  /** No value came twice, as far as 53 bits of hash tell; false as well when there are too many to remember. */
  readonly distinct: boolean;
  /** The form that all texts share; undefined when they share none. */
  readonly shape: Shape | undefined;
  /** What to change in the texts so that they become more than texts. */
  readonly advice: string | undefined;
}

/** Collects the evidence of one column. */
export interface EvidenceCollector {
  add(cell: Cell | undefined): void;
  evidence(): ColumnEvidence;
}

/** Collects what the values of a column show, in bounded memory. */
export function collectEvidence(): EvidenceCollector {
  const [number, comma] = [
    normaliseNumber({ name: 'n', kind: 'numeric' }),
    normaliseNumber({ name: 'n', kind: 'numeric', decimal: ',' }),
  ];
  const whole = normaliseNumber({ name: 'n', kind: 'numeric', integer: true });
  const seen = { rows: 0, missing: 0, codes: false, unfit: false, longest: 0, distinct: true };
  const only = { numbers: true, commaNumbers: true, whole: true, booleans: true, instants: true, zones: true };
  const range = { least: Number.POSITIVE_INFINITY, greatest: Number.NEGATIVE_INFINITY, earliest: '', latest: '' };
  let values: Map<string, number> | undefined = new Map();
  let hashes: Set<number> | undefined = new Set();
  let shape: Shape | undefined | null = null;
  const nearly = almost();

  const measure = (normalise: Normalise, cell: Exclude<Cell, null>): boolean => {
    const text = normalise(cell);
    if (typeof text !== 'string') return false;
    range.least = Math.min(range.least, Number(text));
    range.greatest = Math.max(range.greatest, Number(text));
    return true;
  };

  const asNumber = (cell: Exclude<Cell, null>, text: string): void => {
    if (only.numbers) only.numbers = measure(number, cell);
    if (only.commaNumbers) only.commaNumbers = measure(comma, cell);
    if (only.whole) only.whole = typeof whole(cell) === 'string';
    if (typeof cell === 'string') seen.codes ||= /^[+-]?0\d|^[+-]?\d{16}/.test(text);
  };

  const asInstant = (cell: Exclude<Cell, null>): void => {
    const instant = typeof cell === 'string' ? instantText(cell) : undefined;
    if (instant === undefined) only.instants = false;
    else {
      if (range.earliest === '' || instant < range.earliest) range.earliest = instant;
      if (instant > range.latest) range.latest = instant;
      only.zones &&= typeof cell === 'string' && namesZone(cell);
    }
  };

  const asText = (text: string): void => {
    if (text.length > seen.longest) seen.longest = text.length;
    if (text.length > LONGEST_VALUE) values = undefined;
    values?.set(text, (values.get(text) ?? 0) + 1);
    if (values !== undefined && values.size > MOST_VALUES) values = undefined;
    if (shape !== undefined) shape = shape === null ? shapeOf(text) : wider(shape, shapeOf(text));
    const hash = hashOf(text);
    if (hashes?.has(hash)) hashes = undefined;
    hashes?.add(hash);
    if (hashes !== undefined && hashes.size > MOST_HASHES) hashes = undefined;
  };

  return {
    add: (cell) => {
      seen.rows++;
      if (cell === null || cell === undefined) {
        seen.missing++;
        return;
      }
      if (typeof cell === 'object') {
        seen.unfit = true;
        return;
      }
      const text = String(cell);
      if (only.numbers || only.commaNumbers) asNumber(cell, text.trim());
      if (only.booleans) only.booleans = typeof normaliseBoolean(cell) === 'string';
      if (only.instants) asInstant(cell);
      asText(text);
      nearly.add(text);
    },
    evidence: () => ({
      ...seen,
      ...range,
      numbersOnly: only.numbers,
      commaNumbersOnly: only.commaNumbers,
      wholeOnly: only.whole,
      booleansOnly: only.booleans,
      instantsOnly: only.instants,
      zonesOnly: only.zones,
      values,
      distinct: hashes !== undefined,
      shape: shape ?? undefined,
      advice: nearly.advice(),
    }),
  };
}

/** 53 bits of a text (two 32-bit FNV-1a hashes from different starts; Fowler, Noll and Vo). */
function hashOf(text: string): number {
  let [high, low] = [0x811c9dc5, 0x9747b28c];
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    high = Math.imul(high ^ code, 0x01000193);
    low = Math.imul(low ^ code, 0x01000193) ^ (low >>> 15);
  }
  return (high >>> 0) * 2 ** 21 + ((low >>> 0) >>> 11);
}
