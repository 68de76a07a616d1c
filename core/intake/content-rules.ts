import type { DataSchema } from '../../contracts/data-schema.ts';
import { type Duck, quoteName } from '../duckdb.ts';
import type { Findings } from './findings.ts';
import { freeName, partsTable } from './stored-rows.ts';
import type { Part } from './write-parts.ts';

const DEFAULT_CLASS_SHARE = 0.01;

/** Rows of both classes of the target. */
export interface ClassCounts {
  readonly no: number;
  readonly yes: number;
}

/**
 * Warns when the target has one value only, from which nothing can be learnt, or when one class is rarer than the schema allows.
 * @param known rows of both classes; left out: they are counted
 */
export async function classBalance(
  parts: readonly Part[],
  schema: DataSchema,
  duck: Duck,
  findings: Findings,
  known?: ClassCounts,
): Promise<void> {
  const { target, minimumClassShare = DEFAULT_CLASS_SHARE } = schema;
  if (target === undefined) return;
  const classes =
    known === undefined ? await countedClasses(parts, target, schema, duck) : namedClasses(known, target, schema);
  const [rarer, other] = classes;
  if (rarer === undefined) return;
  const finding = { row: null, column: target, value: rarer.value };
  if (other === undefined)
    findings.add({
      ...finding,
      rule: 'single-class',
      message: 'every row has the same target; a model needs both classes',
    });
  else if (rarer.rows / (rarer.rows + other.rows) < minimumClassShare)
    findings.add({
      ...finding,
      rule: 'class-balance',
      message: `only ${rarer.rows} of ${rarer.rows + other.rows} rows have this target (${percent(rarer.rows / (rarer.rows + other.rows))}, fewer than ${percent(minimumClassShare)})`,
    });
}

interface ClassRows {
  readonly value: string;
  readonly rows: number;
}

/** Classes that rows have, the rarest first. */
function namedClasses({ no, yes }: ClassCounts, target: string, schema: DataSchema): readonly ClassRows[] {
  const words = schema.columns.find(({ name }) => name === target)?.kind === 'boolean' ? ['false', 'true'] : ['0', '1'];
  return [
    { value: words[0] ?? '', rows: no },
    { value: words[1] ?? '', rows: yes },
  ]
    .filter(({ rows }) => rows > 0)
    .sort((a, b) => a.rows - b.rows);
}

async function countedClasses(
  parts: readonly Part[],
  target: string,
  schema: DataSchema,
  duck: Duck,
): Promise<readonly ClassRows[]> {
  const name = quoteName(target);
  // A number as a whole one, as it is written: 1, not 1.0.
  const value =
    schema.columns.find((column) => column.name === target)?.kind === 'numeric' ? `CAST(${name} AS BIGINT)` : name;
  const classes = await duck.rows(
    `SELECT CAST(${value} AS VARCHAR) AS class, CAST(count(*) AS DOUBLE) FROM ${partsTable(parts, schema, freeName(schema, 'position'))} AS rows
     WHERE ${name} IS NOT NULL GROUP BY class ORDER BY 2, 1 LIMIT 2`,
  );
  return classes.map(([text, rows]) => ({ value: String(text), rows: Number(rows) }));
}

const percent = (share: number) => `${Number((share * 100).toPrecision(3))} %`;

/** Warns of columns that hold the same values in every row; `nominees` are pairs that may. Columns of one value only are no pair. */
export async function equalColumns(
  nominees: readonly (readonly [string, string])[],
  parts: readonly Part[],
  schema: DataSchema,
  duck: Duck,
  findings: Findings,
): Promise<void> {
  if (nominees.length === 0) return;
  const table = partsTable(parts, schema, freeName(schema, 'position'));
  const questions = nominees.map(([first, second]) => {
    const [a, b] = [quoteName(first), quoteName(second)];
    return `bool_and(${a} IS NOT DISTINCT FROM ${b}) AND (min(${a}) <> max(${a}) OR (count(${a}) BETWEEN 1 AND count(*) - 1))`;
  });
  const [answers = []] = await duck.rows(`SELECT ${questions.join(', ')} FROM ${table}`);
  for (const [index, [first, second]] of nominees.entries())
    if (answers[index] === true)
      findings.add({
        rule: 'equal-columns',
        row: null,
        column: second,
        value: null,
        message: `holds the same values as ${first} in every row; leave one of them out`,
      });
}
