import type { Instance } from '../../contracts/serving.ts';
import type { Body } from './body.ts';

/** Rows read from one side, or why they could not be. */
export type Rows<T> =
  | { readonly kind: 'rows'; readonly rows: readonly T[] }
  | { readonly kind: 'unreadable'; readonly reason: string };

/**
 * The rows a request asked about: objects by column name, arrays in the order of `columns`, `{"features": […]}`, alone or below
 * `instances`, one document or one a line; or CSV in the order of `columns`, with or without a header.
 */
export function readInstances(body: Body, columns: readonly string[]): Rows<Instance> {
  if (body.kind === 'unreadable') return body;
  const items = body.kind === 'csv' ? withoutHeader(body.rows, columns) : body.documents.flatMap(instancesIn);
  const rows: Instance[] = [];
  for (const [index, item] of items.entries()) {
    const row = Array.isArray(item) ? byPosition(item, columns) : byName(item);
    if (typeof row === 'string') return { kind: 'unreadable', reason: `row ${index + 1}: ${row}` };
    rows.push(row);
  }
  return rows.length === 0 ? { kind: 'unreadable', reason: 'the body holds no row' } : { kind: 'rows', rows };
}

function instancesIn(document: unknown): readonly unknown[] {
  if (Array.isArray(document)) return document.every((item) => isScalar(item)) ? [document] : document;
  const listed = isObject(document) ? document.instances : undefined;
  return (Array.isArray(listed) ? listed : [document]).map((item) =>
    isObject(item) && Array.isArray(item.features) ? item.features : item,
  );
}

function withoutHeader(rows: readonly (readonly string[])[], columns: readonly string[]) {
  const isHeader = rows[0]?.length === columns.length && rows[0].every((name, index) => name === columns[index]);
  return isHeader ? rows.slice(1) : rows;
}

/** A row by position, or what is wrong with it. An empty field is missing, as it is in CSV. */
function byPosition(values: readonly unknown[], columns: readonly string[]): Instance | string {
  if (values.length !== columns.length) return `has ${values.length} values, the model takes ${columns.length}`;
  return byName(
    Object.fromEntries(columns.map((column, index) => [column, values[index] === '' ? null : values[index]])),
  );
}

function byName(item: unknown): Instance | string {
  if (!isObject(item)) return 'is neither an object nor an array';
  const row: [string, Instance[string]][] = [];
  for (const [name, value] of Object.entries(item)) {
    if (!isScalar(value)) return `${name} is neither text, number, truth value nor null`;
    row.push([name, value]);
  }
  return Object.fromEntries(row);
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isScalar(value: unknown): value is Instance[string] {
  return value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}
