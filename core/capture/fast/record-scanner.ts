import { type AnswerOf, answerScanner, noAnswer } from './answer-scanner.ts';
import { bodyScanner } from './body-scanner.ts';
import { endOfPlain, findEnvelope } from './envelope.ts';
import { type LineTemplate, templateOf } from './line-template.ts';
import { type Literal, literal, literalOf, pastLiteral } from './literal.ts';
import { pendingRows, type RowStore, takeBack } from './row-store.ts';
import type { Source } from './text-scanner.ts';

const QUOTE = 34;

/** What is known of a request before its body counts. */
export interface RequestNames {
  readonly inferenceId: string | undefined;
  /** Epoch milliseconds; NaN in merged lines of batch transform, which say nothing. */
  readonly at: number;
}

/** A request that was read; its rows are pending. One object serves every line. */
export interface ScannedRequest extends AnswerOf {
  /** Epoch milliseconds. */
  at: number;
  /** Where the inference id lies in the line's bytes; −1 without one. */
  idFrom: number;
  idTo: number;
}

/**
 * Reads one line, whose rows are then pending in the store. `left-out`: the request does not count. Undefined: the general decoder must
 * read it.
 */
export type RecordScanner = (
  source: Source,
  from: number,
  to: number,
  into: RowStore,
) => ScannedRequest | 'left-out' | undefined;

/** A scanner of capture lines whose CSV rows hold `columns`, and whose objects may hold `names`. */
export function recordScanner(
  columns: readonly string[],
  names: readonly string[],
  counts: ((request: RequestNames) => boolean) | undefined,
): RecordScanner {
  const bodies = bodyScanner(columns, names);
  const answers = answerScanner();
  const instant = rememberedInstant();
  let template: LineTemplate | undefined;
  const request: ScannedRequest = {
    rows: 0,
    at: 0,
    idFrom: -1,
    idTo: -1,
    score: Number.NaN,
    predictions: [],
    partial: false,
  };
  const isLeftOut = ({ bytes }: Source) => {
    const { idFrom, idTo, at } = request;
    return counts?.({ inferenceId: idFrom < 0 ? undefined : bytes.toString('latin1', idFrom, idTo), at }) === false;
  };

  /** Where a line of the template ends; −1 for any other. */
  const scanTemplate = (source: Source, line: LineTemplate, from: number, to: number, into: RowStore): number => {
    const { view } = source;
    let at = bodies.inPlace(source, pastLiteral(view, from, line.beforeInput), to, line.input, into);
    at = pastLiteral(view, at, line.afterInput);
    request.rows = pendingRows(into);
    if (at < 0 || request.rows === 0) return -1;
    if (line.answer !== undefined)
      at = pastLiteral(view, answers.inPlace(source, at, to, line.answer, request), line.afterOutput);
    at = pastLiteral(view, endOfPlain(source, at, to), line.afterEvent);
    request.idFrom = line.named ? at : -1;
    request.idTo = line.named ? endOfPlain(source, at, to) : -1;
    if (line.named) at = pastLiteral(view, request.idTo, line.afterId);
    at = instant.read(source, at, to, request);
    return pastLiteral(view, at, line.afterTime);
  };
  /** Reads a line whatever its envelope is, which becomes the template. */
  const scanAny = (source: Source, from: number, to: number, into: RowStore) => {
    const envelope = findEnvelope(source, from, to);
    if (envelope === undefined || instant.read(source, envelope.timeFrom, to, request) !== envelope.timeTo)
      return undefined;
    request.idFrom = envelope.idFrom;
    request.idTo = envelope.idTo;
    if (isLeftOut(source)) return 'left-out';
    template = templateOf(source, envelope, from, to);
    const { input, output } = envelope;
    const read = bodies.within(source, input.from, input.to, template.input, into);
    request.rows = pendingRows(into);
    if (
      read &&
      (template.answer === undefined || answers.within(source, output.from, output.to, template.answer, request))
    )
      return request;
    takeBack(into);
    return undefined;
  };
  return (source, from, to, into) => {
    noAnswer(request);
    if (template !== undefined && scanTemplate(source, template, from, to, into) === to) {
      if (!isLeftOut(source)) return request;
      takeBack(into);
      return 'left-out';
    }
    takeBack(into);
    noAnswer(request);
    return scanAny(source, from, to, into);
  };
}

/** The instant read last, for requests of one second come together. */
function rememberedInstant() {
  let known: Literal = literal('');
  let at = Number.NaN;
  return {
    /** Reads the instant that begins at a byte into the request and gives where it ends, before its quote; −1 when it is none. */
    read: (source: Source, from: number, to: number, request: ScannedRequest): number => {
      let end = pastLiteral(source.view, from, known);
      if (end <= from || source.view.getUint8(end) !== QUOTE) {
        end = endOfPlain(source, from, to);
        if (end < 0) return -1;
        known = literalOf(source.bytes.subarray(from, end));
        at = Date.parse(source.bytes.toString('latin1', from, end));
      }
      request.at = at;
      return Number.isNaN(at) ? -1 : end;
    },
  };
}
