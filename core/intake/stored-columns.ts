import type { DataSchema } from '../../contracts/data-schema.ts';
import { canonicalJson, sha256 } from '../lineage/canonical-json.ts';
import { type StoredType, storedType } from './normalise/column.ts';

/** The columns of the Parquet files written for a schema, in its order. */
export function storedColumns(schema: DataSchema): readonly { readonly name: string; readonly type: StoredType }[] {
  return schema.columns.map((column) => ({ name: column.name, type: storedType(column) }));
}

/** Names a schema: equal schemas have equal hashes, whatever the order of their fields. */
export function schemaHash(schema: DataSchema): string {
  return sha256(canonicalJson(schema));
}
