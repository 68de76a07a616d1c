import type { DataSchema } from '../../contracts/data-schema.ts';
import type { Finding } from '../../contracts/findings.ts';
import { type Duck, type DuckValue, quoteName, quoteText } from '../duckdb.ts';
import { type Findings, MOST_FINDINGS } from './findings.ts';
import { shownCell } from './normalise/cell.ts';
import { freeName, partsTable } from './stored-rows.ts';
import type { Part } from './write-parts.ts';

/** A row that a rule over the whole file sets aside: its place among the accepted rows, and why. */
export interface SetAside {
  readonly place: number;
  readonly finding: Finding;
  /** The row in normal form, as JSON. */
  readonly raw: string;
}

/** From a row's place among the accepted rows to its number in the file. */
export type RowNumber = (place: number) => number;

/** The rows that may repeat another, by their places; null when every row may. */
export type Nominees = readonly number[] | null;

/**
 * Finds repeated values of columns that must be unique; the first row of a value keeps it. Exact, spilling to disk if it must.
 * @param nominees by column; left out: every row may repeat another
 */
export async function repeatedValues(
  parts: readonly Part[],
  schema: DataSchema,
  duck: Duck,
  findings: Findings,
  rowNumber: RowNumber,
  nominees: ReadonlyMap<string, Nominees> = new Map(),
): Promise<readonly SetAside[]> {
  const position = freeName(schema, 'position');
  const [all, place] = [partsTable(parts, schema, position), quoteName(position)];
  const whole = schema.columns.map(({ name }) => `${quoteText(name)}: rows.${quoteName(name)}`).join(', ');
  const aside: SetAside[] = [];
  for (const column of schema.columns) {
    if (column.unique !== true) continue;
    const name = quoteName(column.name);
    const known = nominees.get(column.name) ?? null;
    if (known?.length === 0) continue;
    const table = amongNominees(all, place, known);
    // Hashes are small, and mostly they say already that nothing is repeated.
    const [[nominated] = []] = await duck.rows(
      `SELECT 1 FROM ${table} AS rows WHERE ${name} IS NOT NULL GROUP BY hash(${name}) HAVING count(*) > 1 LIMIT 1`,
    );
    if (nominated === undefined) continue;
    const repeats = duck.columns(`
      WITH repeated AS (
        SELECT ${name} AS value, min(${place}) AS first FROM ${table} AS rows WHERE ${name} IS NOT NULL GROUP BY value HAVING count(*) > 1
      )
      SELECT CAST(${place} AS DOUBLE), CAST(first AS DOUBLE), CAST(value AS VARCHAR), CAST(to_json({${whole}}) AS VARCHAR)
      FROM ${table} AS rows JOIN repeated ON rows.${name} = repeated.value WHERE ${place} <> first ORDER BY 1`);
    for await (const chunk of repeats)
      for (const [index, found] of (chunk[0] ?? []).entries()) {
        const first = rowNumber(Number(chunk[1]?.[index]));
        const finding = findings.add({
          rule: 'unique',
          row: rowNumber(Number(found)),
          column: column.name,
          value: shownCell(textOf(chunk[2]?.[index])),
          message: `repeats the value of row ${first}; the column must be unique`,
        });
        if (finding.severity !== 'warn') aside.push({ place: Number(found), finding, raw: String(chunk[3]?.[index]) });
      }
  }
  return aside;
}

/** A table expression over some of the rows of another. */
function amongNominees(table: string, place: string, nominees: Nominees): string {
  return nominees === null
    ? table
    : `(SELECT * FROM ${table} WHERE ${place} IN (SELECT unnest([${nominees.join(',')}])))`;
}

/** Finds rows that repeat an earlier row in every column; those to set aside are given back when the schema asks for that. */
export async function repeatedRows(
  parts: readonly Part[],
  schema: DataSchema,
  duck: Duck,
  findings: Findings,
  rowNumber: RowNumber,
  nominees: Nominees = null,
): Promise<readonly SetAside[]> {
  if (nominees?.length === 0) return [];
  const position = freeName(schema, 'position');
  const place = quoteName(position);
  const table = amongNominees(partsTable(parts, schema, position), place, nominees);
  const all = schema.columns.map(({ name }) => quoteName(name)).join(', ');
  const whole = schema.columns.map(({ name }) => `${quoteText(name)}: ${quoteName(name)}`).join(', ');
  const setAside = findings.severityOf('duplicate-row') === 'quarantine';
  // Equal hashes only nominate rows; the comparison of the nominees is exact.
  const repeats = duck.columns(`
    WITH hashed AS (SELECT *, hash(${all}) AS row_hash_ FROM ${table} AS rows),
    nominated AS (SELECT row_hash_ AS nominee_ FROM hashed GROUP BY row_hash_ HAVING count(*) > 1),
    grouped AS (
      SELECT *, min(${place}) OVER (PARTITION BY ${all}) AS first_ FROM hashed JOIN nominated ON row_hash_ = nominee_
    )
    SELECT CAST(${place} AS DOUBLE), CAST(first_ AS DOUBLE), CAST(count(*) OVER () AS DOUBLE),
      ${setAside ? `CAST(to_json({${whole}}) AS VARCHAR)` : "''"}
    FROM grouped WHERE ${place} <> first_ ORDER BY 1 ${setAside ? '' : `LIMIT ${MOST_FINDINGS}`}`);
  const aside: SetAside[] = [];
  let [listed, total] = [0, 0];
  for await (const chunk of repeats)
    for (const [index, found] of (chunk[0] ?? []).entries()) {
      const finding = findings.add({
        rule: 'duplicate-row',
        row: rowNumber(Number(found)),
        column: null,
        value: null,
        message: `equal in every column to row ${rowNumber(Number(chunk[1]?.[index]))}`,
      });
      listed++;
      total = Number(chunk[2]?.[index]);
      if (setAside) aside.push({ place: Number(found), finding, raw: String(chunk[3]?.[index]) });
    }
  findings.count('duplicate-row', total - listed);
  return aside;
}

/** Earliest and latest instant of the time column, ISO; undefined when there is none. */
export async function timeSpan(
  parts: readonly Part[],
  schema: DataSchema,
  duck: Duck,
): Promise<{ readonly from: string; readonly to: string } | undefined> {
  if (schema.time === undefined) return undefined;
  const table = partsTable(parts, schema, freeName(schema, 'position'));
  const time = quoteName(schema.time);
  const [[from, to] = []] = await duck.rows(
    `SELECT CAST(min(${time}) AS VARCHAR), CAST(max(${time}) AS VARCHAR) FROM ${table}`,
  );
  if (typeof from !== 'string' || typeof to !== 'string') return undefined;
  return { from: isoInstant(from), to: isoInstant(to) };
}

/** `2001-01-31 05:30:00` as `2001-01-31T05:30:00Z`. */
export function isoInstant(stored: string): string {
  return `${stored.replace(' ', 'T')}Z`;
}

function textOf(value: DuckValue | undefined): string | null {
  return value === null || value === undefined ? null : String(value);
}
