import type { DataSchema } from '../../contracts/data-schema.ts';
import { type Duck, quoteName } from '../duckdb.ts';
import type { Findings } from './findings.ts';
import { freeName, partsTable } from './stored-rows.ts';
import type { Part } from './write-parts.ts';

const DEFAULT_CLASS_SHARE = 0.01;

/** Warns when the target has one value only, from which nothing can be learnt, or when one class is rarer than the schema allows. */
export async function classBalance(
  parts: readonly Part[],
  schema: DataSchema,
  duck: Duck,
  findings: Findings,
): Promise<void> {
  const { target, minimumClassShare = DEFAULT_CLASS_SHARE } = schema;
  if (target === undefined) return;
  const table = partsTable(parts, schema, freeName(schema, 'position'));
  const classes = await duck.rows(
    `SELECT CAST(${quoteName(target)} AS VARCHAR) AS class, CAST(count(*) AS DOUBLE) FROM ${table}
     WHERE ${quoteName(target)} IS NOT NULL GROUP BY class ORDER BY 2, 1 LIMIT 2`,
  );
  const [rarer, other] = classes.map(([value, rows]) => ({ value: String(value), rows: Number(rows) }));
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
