import type { z } from 'zod';
import { type LineageRecord, modelPartition, type RecordKind, recordSort } from '../../contracts/records.ts';
import { canonicalJson, sha256 } from './canonical-json.ts';

/** What is recorded, before it is put in the form of the table. */
export interface Fact {
  readonly model: string;
  readonly kind: RecordKind;
  readonly id: string;
  /** ISO instant. */
  readonly at: string;
  /** Sort keys of the records this one was made from. */
  readonly parents: readonly string[];
  readonly detail: unknown;
}

/** DynamoDB takes 400 KB an item; the rest is for keys and parents. */
const MOST_DETAIL_CHARACTERS = 300_000;

/** A fact as a lineage record; a detail too large for the table is replaced by its size, never cut in the middle. */
export function lineageRecord({ model, kind, id, at, parents, detail }: Fact): LineageRecord {
  const text = canonicalJson(detail);
  return {
    pk: modelPartition(model),
    sk: recordSort(kind, id),
    kind,
    id,
    at,
    parents: [...parents],
    detail: text.length > MOST_DETAIL_CHARACTERS ? canonicalJson({ leftOut: `${text.length} characters` }) : text,
  };
}

/** SHA-256 over all that a record says: its name, its time, its parents and its detail. The chain vouches for this. */
export function recordHash({ sk, at, parents, detail }: LineageRecord): string {
  return sha256(canonicalJson({ sk, at, parents, detail }));
}

/** Whether two records of one name say the same; when they were written does not count. */
export function sameContent(one: LineageRecord, other: LineageRecord): boolean {
  return recordHash({ ...one, at: '' }) === recordHash({ ...other, at: '' });
}

/** A record's detail, parsed; undefined when it is of another shape. */
export function detailOf<T>(record: LineageRecord, schema: z.ZodType<T>): T | undefined {
  return schema.safeParse(JSON.parse(record.detail)).data;
}
