import { readBody } from '../body.ts';
import { isObject } from '../instances.ts';
import { readPredictions } from '../predictions.ts';
import {
  type AnswerTemplate,
  answerTemplate,
  type ScannedPrediction,
  scannedPredictions,
  scanPredictions,
} from './answer-template.ts';
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
  predictions: readonly ScannedPrediction[];
  /** It could not be used. */
  partial: boolean;
}

const NO_PREDICTIONS: readonly ScannedPrediction[] = [];
const SCORE = new Float64Array(1);

/** No answer. */
export function noAnswer(answer: AnswerOf): void {
  answer.score = Number.NaN;
  answer.predictions = NO_PREDICTIONS;
  answer.partial = false;
}

/** Reads answers; those of one model are compared with the one before. */
export interface AnswerScanner {
  /** Reads the answer that begins at a byte of a line that ends at `to`; where its closing quote stands, or −1. */
  readonly inPlace: (source: Source, from: number, to: number, form: AnswerForm, answer: AnswerOf) => number;
  /** Reads the answer in `[from..to)`; false when the line is no JSON. */
  readonly within: (source: Source, from: number, to: number, form: AnswerForm, answer: AnswerOf) => boolean;
}

/** A scanner that has seen no answer yet. */
export function answerScanner(): AnswerScanner {
  let template: AnswerTemplate | undefined;
  const within: AnswerScanner['within'] = (source, from, to, form, answer) => {
    noAnswer(answer);
    const data = textOf(source, from, to);
    if (data === undefined) return false;
    const body = readBody({ ...form, data });
    const predictions = readPredictions(body);
    const rows = predictions.kind === 'rows' ? predictions.rows : NO_PREDICTIONS;
    answer.partial = rows.length !== answer.rows;
    if (!answer.partial) answer.predictions = rows;
    const [document] = body.kind === 'json' && form.encoding === 'JSON' ? body.documents : [];
    if (isObject(document)) template = learned(answerTemplate(source, from, to, document), source, from, to);
    return true;
  };
  const inPlace: AnswerScanner['inPlace'] = (source, from, to, form, answer) => {
    if (from < 0) return -1;
    if (answer.rows === 1 && form.encoding === 'CSV') return scanScore(source, from, to, answer);
    const end = template === undefined || form.encoding !== 'JSON' ? -1 : scanPredictions(source, from, template);
    if (end < 0 || end >= to) {
      const other = endOfData(source.bytes, from, to);
      return other >= 0 && within(source, from, other, form, answer) ? other : -1;
    }
    const { rows } = scannedPredictions;
    answer.partial = rows.length !== answer.rows;
    if (!answer.partial) answer.predictions = rows;
    return end;
  };
  return { inPlace, within };
}

/** A template that reads the answer which it was made of: the brackets that its head leaves open are then those that answers close. */
function learned(template: AnswerTemplate | undefined, source: Source, from: number, to: number) {
  return template !== undefined && scanPredictions(source, from, template) === to ? template : undefined;
}

function scanScore(source: Source, from: number, to: number, answer: AnswerOf): number {
  const end = scanDecimal(source.view, from, SCORE, 0);
  if (end < 0 || end >= to || source.view.getUint8(end) !== QUOTE) return -1;
  answer.score = SCORE[0] ?? Number.NaN;
  return end;
}

function textOf({ bytes }: Source, from: number, to: number): string | undefined {
  try {
    const text: unknown = JSON.parse(bytes.toString('utf8', from - 1, to + 1));
    return typeof text === 'string' ? text : undefined;
  } catch {
    return undefined;
  }
}
