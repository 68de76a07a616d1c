import { readBody } from '../body.ts';
import { type CapturedPrediction, readPredictions } from '../predictions.ts';
import { scanDecimal } from './decimal-scanner.ts';
import { endOfData } from './envelope.ts';
import type { AnswerForm } from './line-template.ts';
import type { Source } from './text-scanner.ts';

const QUOTE = 34;

/** The answer of a request of so many rows. */
export interface AnswerOf {
  rows: number;
  /** The score of a single row that was answered by a plain number; NaN when `predictions` has what was answered. */
  score: number;
  /** As many as rows, or none. */
  predictions: readonly CapturedPrediction[];
  /** It could not be used. */
  partial: boolean;
}

const NO_PREDICTIONS: readonly CapturedPrediction[] = [];
const SCORE = new Float64Array(1);

/** No answer. */
export function noAnswer(answer: AnswerOf): void {
  answer.score = Number.NaN;
  answer.predictions = NO_PREDICTIONS;
  answer.partial = false;
}

/** Reads the answer that begins at a byte of a line that ends at `to`; where its closing quote stands, or −1. */
export function scanAnswer(source: Source, from: number, to: number, form: AnswerForm, answer: AnswerOf): number {
  if (from < 0) return -1;
  if (answer.rows === 1 && form.encoding === 'CSV') {
    const end = scanDecimal(source.view, from, SCORE, 0);
    if (end < 0 || end >= to || source.view.getUint8(end) !== QUOTE) return -1;
    answer.score = SCORE[0] ?? Number.NaN;
    return end;
  }
  const end = endOfData(source.bytes, from, to);
  return end >= 0 && readAnswer(source, from, end, form, answer) ? end : -1;
}

/** Reads the answer in `[from..to)`; false when the line is no JSON. */
export function readAnswer(source: Source, from: number, to: number, form: AnswerForm, answer: AnswerOf): boolean {
  noAnswer(answer);
  const data = textOf(source, from, to);
  if (data === undefined) return false;
  const predictions = readPredictions(readBody({ ...form, data }));
  answer.partial = predictions.kind === 'unreadable' || predictions.rows.length !== answer.rows;
  if (predictions.kind === 'rows' && !answer.partial) answer.predictions = predictions.rows;
  return true;
}

function textOf({ bytes }: Source, from: number, to: number): string | undefined {
  try {
    const text: unknown = JSON.parse(bytes.toString('utf8', from - 1, to + 1));
    return typeof text === 'string' ? text : undefined;
  } catch {
    return undefined;
  }
}
