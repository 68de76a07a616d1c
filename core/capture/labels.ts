import type { Body } from './body.ts';
import { isObject, type Rows } from './instances.ts';

/**
 * Labels of the rows of a request: a bare value, a list of them, objects with a `label`, alone or below `instances` or `predictions`, one
 * document or one a line; or CSV, whose first field counts.
 */
export function readLabels(body: Body): Rows<number> {
  if (body.kind === 'unreadable') return body;
  const found: readonly unknown[] =
    body.kind === 'csv' ? body.rows.map(([first]) => first) : body.documents.flatMap(labelsIn);
  const rows = found.map(labelOf);
  const wrong = rows.findIndex((label) => !Number.isFinite(label));
  if (wrong >= 0) return { kind: 'unreadable', reason: `row ${wrong + 1}: has no label that is a number` };
  return rows.length === 0 ? { kind: 'unreadable', reason: 'the body holds no label' } : { kind: 'rows', rows };
}

function labelsIn(document: unknown): readonly unknown[] {
  if (Array.isArray(document)) return document;
  const { instances, predictions }: Readonly<Record<string, unknown>> = isObject(document) ? document : {};
  const listed = instances ?? predictions;
  return Array.isArray(listed) ? listed : [document];
}

function labelOf(item: unknown): number {
  const value = isObject(item) ? item.label : item;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'string' && value.trim() !== '') return Number(value);
  return typeof value === 'number' ? value : Number.NaN;
}
