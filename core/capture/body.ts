import { csvRows } from './csv-rows.ts';

/** One side of a captured request as SageMaker wrote it. */
export interface CapturedSide {
  readonly observedContentType?: string | undefined;
  readonly data: string;
  readonly encoding: 'CSV' | 'JSON' | 'BASE64';
}

/** A decoded body: rows of text fields, or JSON documents (one, or one a line). */
export type Body =
  | { readonly kind: 'csv'; readonly rows: readonly (readonly string[])[] }
  | { readonly kind: 'json'; readonly documents: readonly unknown[] }
  | { readonly kind: 'unreadable'; readonly reason: string };

/**
 * Decodes the body of one side. `JSON` also stands for JSON Lines, and base64 hides any form, so the content type decides between
 * CSV and JSON, and the text itself between one document and one a line.
 */
export function readBody(side: CapturedSide): Body {
  const [type = '', ...parameters] = (side.observedContentType ?? '')
    .toLowerCase()
    .split(';')
    .map((part) => part.trim());
  const text = side.encoding === 'BASE64' ? decodeBase64(side.data, charsetOf(parameters)) : side.data;
  if (text === undefined) return unreadable(`base64 of content type ${type || 'unknown'} is not text`);
  if (side.encoding === 'CSV' || (side.encoding === 'BASE64' && type.includes('csv')))
    return { kind: 'csv', rows: csvRows(text) };
  return readJson(text);
}

function readJson(text: string): Body {
  const whole = parseJson(text);
  if (whole !== undefined) return { kind: 'json', documents: [whole] };
  const documents: unknown[] = [];
  for (const line of text.split('\n')) {
    if (line.trim() === '') continue;
    const document = parseJson(line);
    // The first line that cannot be parsed ends it: a body of ten million of them must not cost ten million exceptions.
    if (document === undefined) return NOT_JSON;
    documents.push(document);
  }
  return documents.length === 0 ? NOT_JSON : { kind: 'json', documents };
}

/** The parsed text, or undefined, which is no JSON value, when it cannot be parsed. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function charsetOf(parameters: readonly string[]): string {
  const charset = parameters.find((parameter) => parameter.startsWith('charset='));
  return charset?.slice('charset='.length).replaceAll('"', '') ?? 'utf-8';
}

function decodeBase64(data: string, charset: string): string | undefined {
  try {
    return new TextDecoder(charset, { fatal: true }).decode(Buffer.from(data, 'base64'));
  } catch {
    return undefined;
  }
}

const unreadable = (reason: string): Body => ({ kind: 'unreadable', reason });
const NOT_JSON = unreadable('the body is neither JSON nor JSON Lines');
