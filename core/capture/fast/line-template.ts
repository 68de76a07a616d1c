import type { CapturedSide } from '../body.ts';
import type { Envelope } from './envelope.ts';
import { type Literal, literalOf } from './literal.ts';
import type { Source } from './text-scanner.ts';

/** What a body is, by its encoding and content type. */
export type BodyForm = 'csv' | 'json' | 'base64-csv' | 'base64-json' | 'other';

/** How an answer was written. */
export type AnswerForm = Required<Omit<CapturedSide, 'data'>>;

/**
 * What lines of one endpoint have in common: everything but the bodies, ids and the time. Compared with that of the line before, none of it
 * has to be read.
 */
export interface LineTemplate {
  readonly input: BodyForm;
  readonly beforeInput: Literal;
  /** From the input's closing quote to the output's data, or to the event's id when there is no output. */
  readonly afterInput: Literal;
  /** Undefined when the output was not captured. */
  readonly answer: AnswerForm | undefined;
  readonly afterOutput: Literal;
  readonly afterEvent: Literal;
  readonly named: boolean;
  readonly afterId: Literal;
  readonly afterTime: Literal;
}

/** The template of a line whose parts were found. */
export function templateOf({ bytes }: Source, envelope: Envelope, from: number, to: number): LineTemplate {
  const { input, output, answered, eventFrom, eventTo, idFrom, idTo, timeFrom, timeTo } = envelope;
  const part = (start: number, end: number) => literalOf(bytes.subarray(start, end));
  const named = idFrom >= 0;
  return {
    input: formOf(bytes.toString('latin1', input.typeFrom, input.typeTo), input.encoding),
    beforeInput: part(from, input.from),
    afterInput: part(input.to, answered ? output.from : eventFrom),
    answer: answered
      ? { observedContentType: bytes.toString('latin1', output.typeFrom, output.typeTo), encoding: output.encoding }
      : undefined,
    afterOutput: answered ? part(output.to, eventFrom) : part(0, 0),
    afterEvent: part(eventTo, named ? idFrom : timeFrom),
    named,
    afterId: named ? part(idTo, timeFrom) : part(0, 0),
    afterTime: part(timeTo, to),
  };
}

/** The form of a body; `other` where its bytes need a decoder of their charset. */
export function formOf(contentType: string, encoding: CapturedSide['encoding']): BodyForm {
  if (encoding === 'CSV') return 'csv';
  if (encoding === 'JSON') return 'json';
  const [type = '', ...parameters] = contentType.toLowerCase().split(';');
  const charset = parameters.map((parameter) => parameter.trim()).find((parameter) => parameter.startsWith('charset='));
  if (charset !== undefined && charset !== 'charset=utf-8') return 'other';
  return type.includes('csv') ? 'base64-csv' : 'base64-json';
}
