import type { Column, ColumnKind, DataSchema } from '../../../contracts/data-schema.ts';
import { normaliseBoolean } from './boolean.ts';
import type { Normalise, Violation } from './cell.ts';
import { normaliseNumber } from './number.ts';
import { normaliseText } from './text.ts';
import { normaliseTimestamp } from './timestamp.ts';

/** Types of the Parquet files we write. */
export const STORED_TYPES = ['DOUBLE', 'BIGINT', 'VARCHAR', 'BOOLEAN', 'TIMESTAMP'] as const;
export type StoredType = (typeof STORED_TYPES)[number];

/** A schema, and from which instant on the time of a row is not plausible. Left out: as for every instant. */
export type JudgedSchema = DataSchema & { readonly plausibleBefore?: string };

/** How a column is stored. */
export function storedType(column: Column): StoredType {
  const types = {
    numeric: column.integer === true ? 'BIGINT' : 'DOUBLE',
    categorical: 'VARCHAR',
    text: 'VARCHAR',
    identifier: 'VARCHAR',
    timestamp: 'TIMESTAMP',
    boolean: 'BOOLEAN',
  } as const satisfies Record<ColumnKind, StoredType>;
  return types[column.kind];
}

/** The check of one column; of a numeric target, also that it is 0 or 1. @throws ModelwayError `unsupported-pattern` */
export function normaliseColumn(column: Column, schema: JudgedSchema): Normalise {
  const normalise = byKind(column, schema);
  if (column.name !== schema.target || column.kind !== 'numeric') return normalise;
  const neither: Violation = { rule: 'values', message: 'neither 0 nor 1; the target of a model is 0 or 1' };
  return (cell) => {
    const text = normalise(cell);
    return typeof text !== 'string' || text === '0' || text === '1' ? text : neither;
  };
}

function byKind(column: Column, schema: JudgedSchema): Normalise {
  switch (column.kind) {
    case 'numeric':
      return normaliseNumber(column, column.decimal ?? schema.decimal);
    case 'timestamp':
      return normaliseTimestamp(column, column.name === schema.time ? schema.plausibleBefore : undefined);
    case 'boolean':
      return normaliseBoolean;
    case 'categorical':
    case 'text':
    case 'identifier':
      return normaliseText(column);
    default:
      return column.kind satisfies never;
  }
}
