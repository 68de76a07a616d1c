import { type Duck, quoteName } from '../duckdb.ts';
import type { ColumnFeature } from './watched.ts';

/** What a column's values are. */
export type ValueKind = 'number' | 'boolean' | 'instant' | 'text';

/** Rows that DuckDB reads: files, or anything a SELECT can name. */
export interface Table {
  readonly duck: Duck;
  /** What stands behind FROM. */
  readonly from: string;
  readonly columns: ReadonlyMap<string, ValueKind>;
  /** Number of rows, where it is known without reading them. */
  readonly rows?: number;
}

/** A numeric feature in SQL: DOUBLE, NaN when missing. The same numbers as `of` of the feature gives. */
export function numberSql({ columns }: Table, { column, from }: ColumnFeature): string {
  const kind = columns.get(column);
  const name = quoteName(column);
  const number = kind === undefined ? 'NULL' : from === 'number' ? plainNumber(name, kind) : measured(name, kind, from);
  return `coalesce(CAST(${number} AS DOUBLE), 'NaN'::DOUBLE)`;
}

/** A category feature in SQL; a value or null. Hours and weekdays are ready, the rest goes through `of` of the feature. */
export function valueSql({ columns }: Table, { column, from }: ColumnFeature): string {
  const kind = columns.get(column);
  const name = quoteName(column);
  if (kind === undefined) return 'CAST(NULL AS VARCHAR)';
  if (from === 'hour') return `hour(${timestamp(name, kind)})`;
  if (from === 'weekday') return `isodow(${timestamp(name, kind)}) - 1`;
  return sentValue(name, kind);
}

/** Epoch milliseconds of the rows' time in SQL: DOUBLE, NaN when missing. */
export function timeSql({ columns }: Table, column: string): string {
  const kind = columns.get(column);
  const time = kind === undefined ? 'NULL' : `epoch_ms(${timestamp(quoteName(column), kind)})`;
  return `coalesce(CAST(${time} AS DOUBLE), 'NaN'::DOUBLE)`;
}

/** A value in the form in which callers send it: numbers as doubles, instants as ISO text in UTC. */
export function sentValue(name: string, kind: ValueKind): string {
  switch (kind) {
    case 'number':
      return `CAST(${name} AS DOUBLE)`;
    case 'instant':
      return `strftime(CAST(${name} AS TIMESTAMP), '%Y-%m-%dT%H:%M:%SZ')`;
    case 'boolean':
      return name;
    case 'text':
      return `CAST(${name} AS VARCHAR)`;
    default:
      return kind satisfies never;
  }
}

function plainNumber(name: string, kind: ValueKind): string {
  if (kind === 'instant') return 'NULL';
  return kind === 'text' ? `TRY_CAST(trim(${name}) AS DOUBLE)` : name;
}

function measured(name: string, kind: ValueKind, from: ColumnFeature['from']): string {
  if (from === 'instant') return `epoch_ms(${timestamp(name, kind)}) / 1000`;
  return `length(${kind === 'number' ? `CAST(${name} AS VARCHAR)` : `CAST(${sentValue(name, kind)} AS VARCHAR)`})`;
}

/** Text without offset is UTC, as everywhere; a number is epoch milliseconds. */
function timestamp(name: string, kind: ValueKind): string {
  switch (kind) {
    case 'instant':
      return `CAST(${name} AS TIMESTAMP)`;
    case 'number':
      return `make_timestamp_ms(CAST(${name} AS BIGINT))`;
    case 'text':
      return `TRY_CAST(${name} AS TIMESTAMP)`;
    case 'boolean':
      return 'CAST(NULL AS TIMESTAMP)';
    default:
      return kind satisfies never;
  }
}
