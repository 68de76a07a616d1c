import { scanDecimal } from './decimal-scanner.ts';
import { type Literal, literal, literalOf, pastLiteral } from './literal.ts';
import type { Source } from './text-scanner.ts';

const SPACE = 32;
const COMMA = 44;
const QUOTE = 34;
const OPEN = { array: 91, object: 123 } as const;
const CLOSE = { array: 93, object: 125 } as const;
/** Keys as the JSON string that holds the answer spells them. */
const PREDICTIONS = Buffer.from('\\"predictions\\":');
const SCORE = literal('\\"score\\":');
const LABEL = literal('\\"label\\":');
const SHAP = literal('\\"shap\\":');
/** Contributions of one row at most. */
const MOST_CONTRIBUTIONS = 4096;

/** What was answered for one row. */
export interface ScannedPrediction {
  readonly score: number;
  readonly shap: readonly number[] | null;
  readonly modelPackage: string | null;
}

/** What answers of one model have in common: everything before their predictions. */
export interface AnswerTemplate {
  readonly head: Literal;
  readonly modelPackage: string | null;
  /** Features that the answer names; −1 when it names none. */
  readonly features: number;
}

/** The template of an answer, which lies in `[from..to)` and says `document`; undefined when it has no list of predictions. */
export function answerTemplate(
  { bytes }: Source,
  from: number,
  to: number,
  document: Readonly<Record<string, unknown>>,
): AnswerTemplate | undefined {
  const found = bytes.subarray(from, to).lastIndexOf(PREDICTIONS);
  if (found < 0) return undefined;
  const { model_package: modelPackage, features } = document;
  return {
    head: literalOf(bytes.subarray(from, from + found + PREDICTIONS.length)),
    modelPackage: typeof modelPackage === 'string' ? modelPackage : null,
    features: Array.isArray(features) ? features.length : -1,
  };
}

/** What `scanPredictions` found. One object serves every call. */
export const scannedPredictions: { rows: readonly ScannedPrediction[] } = { rows: [] };
const VALUES = new Float64Array(MOST_CONTRIBUTIONS);
let contributions = 0;

/**
 * Reads the predictions of an answer that begins at a byte and ends with a quote: `{score, label, shap}` in this order, the last two of which
 * may be missing. Gives where the quote stands; −1 for any other answer.
 */
export function scanPredictions(source: Source, from: number, template: AnswerTemplate): number {
  const { view } = source;
  const rows: ScannedPrediction[] = [];
  scannedPredictions.rows = rows;
  let at = past(view, pastLiteral(view, from, template.head), OPEN.array);
  for (;;) {
    at = scanPrediction(view, at, template, rows);
    const comma = past(view, at, COMMA);
    if (comma < 0) break;
    at = comma;
  }
  at = past(view, past(view, at, CLOSE.array), CLOSE.object);
  return at >= 0 && at < view.byteLength && view.getUint8(at) === QUOTE ? at : -1;
}

function scanPrediction(view: DataView, from: number, template: AnswerTemplate, rows: ScannedPrediction[]): number {
  let at = numberAfter(view, past(view, from, OPEN.object), SCORE);
  if (at < 0) return -1;
  const score = VALUES[0] ?? 0;
  let shap: readonly number[] | null = null;
  const label = numberAfter(view, past(view, at, COMMA), LABEL);
  if (label >= 0) at = label;
  const comma = past(view, at, COMMA);
  if (comma >= 0) {
    at = scanContributions(view, past(view, pastLiteral(view, spaces(view, comma), SHAP), OPEN.array));
    if (at < 0) return -1;
    if (template.features < 0 || template.features === contributions) shap = found(contributions);
  }
  rows.push({ score, shap, modelPackage: template.modelPackage });
  return past(view, at, CLOSE.object);
}

/** The first of `VALUES`; a loop, for spreading a typed array costs ten times as much. */
function found(count: number): readonly number[] {
  const numbers: number[] = [];
  for (let i = 0; i < count; i++) numbers.push(VALUES[i] ?? 0);
  return numbers;
}

/** Reads the numbers of a list into `VALUES`, and its bracket; −1 when there is none. */
function scanContributions(view: DataView, from: number): number {
  let at = from;
  for (contributions = 0; contributions < MOST_CONTRIBUTIONS; ) {
    at = numberAt(view, at, contributions);
    if (at < 0) return -1;
    contributions++;
    const next = at < view.byteLength ? view.getUint8(at) : 0;
    if (next === CLOSE.array) return at + 1;
    if (next !== COMMA) return -1;
    at++;
  }
  return -1;
}

/** Reads the number of a member into the first of `VALUES`; where it ends, or −1. */
function numberAfter(view: DataView, at: number, key: Literal): number {
  return numberAt(view, at < 0 ? -1 : pastLiteral(view, spaces(view, at), key), 0);
}

function numberAt(view: DataView, at: number, index: number): number {
  return at < 0 ? -1 : scanDecimal(view, spaces(view, at), VALUES, index);
}

function spaces(view: DataView, from: number): number {
  let at = from;
  while (at < view.byteLength && view.getUint8(at) === SPACE) at++;
  return at;
}

/** Past one byte after spaces; −1 when it is another, or the place negative. */
function past(view: DataView, from: number, byte: number): number {
  if (from < 0) return -1;
  const at = spaces(view, from);
  return at < view.byteLength && view.getUint8(at) === byte ? at + 1 : -1;
}
