import type { Comparison, CrossColumnRule, RowCondition } from '../../contracts/cross-column-rule.ts';
import type { Column, DataSchema } from '../../contracts/data-schema.ts';
import type { Observation } from './findings.ts';
import { boundText } from './normalise/timestamp.ts';

/** A row's values in normal form, by the order of the schema's columns; a missing value is the empty text. */
export type RowTexts = readonly string[];

/** Finds the rules that a row breaks. */
export type CrossColumnCheck = (texts: RowTexts, row: number) => readonly Observation[];

/** The check of a schema's rules, or undefined when it has none. */
export function crossColumnRules(schema: DataSchema): CrossColumnCheck | undefined {
  const { rules = [] } = schema;
  if (rules.length === 0) return undefined;
  const checks = rules.map((rule) => ({
    rule,
    holds: conditionHolds(rule, schema),
    applies: rule.when === undefined ? undefined : conditionHolds(rule.when, schema),
    place: placeOf(rule.left, schema),
  }));
  return (texts, row) => {
    const broken: Observation[] = [];
    for (const { rule, holds, applies, place } of checks)
      if ((applies === undefined || applies(texts) === true) && holds(texts) === false)
        broken.push({
          rule: 'cross-column',
          row,
          column: rule.left,
          value: (texts[place] ?? '').slice(0, 200) || null,
          message: `breaks the rule “${rule.name}”: ${describe(rule, texts, schema)}`,
          ...(rule.severity === undefined ? {} : { severity: rule.severity }),
        });
    return broken;
  };
}

/** Whether a condition is true of a row; undefined when a value it compares is missing. */
function conditionHolds(condition: RowCondition, schema: DataSchema): (texts: RowTexts) => boolean | undefined {
  const left = placeOf(condition.left, schema);
  if (!('right' in condition)) {
    const wanted = condition.operator === 'present';
    return (texts) => (texts[left] !== '') === wanted;
  }
  const order = orderOf(schema.columns[left]);
  const accepts = OUTCOMES[condition.operator];
  const right = rightSide(condition, schema);
  return (texts) => {
    const [a = '', b] = [texts[left], right(texts)];
    return a === '' || b === '' ? undefined : accepts(order(a, b));
  };
}

const OUTCOMES = {
  '<': (order) => order < 0,
  '<=': (order) => order <= 0,
  '=': (order) => order === 0,
  '!=': (order) => order !== 0,
  '>=': (order) => order >= 0,
  '>': (order) => order > 0,
} as const satisfies Record<Comparison['operator'], (order: number) => boolean>;

function rightSide({ right, left }: Comparison, schema: DataSchema): (texts: RowTexts) => string {
  if ('column' in right) {
    const place = placeOf(right.column, schema);
    return (texts) => texts[place] ?? '';
  }
  const kind = schema.columns[placeOf(left, schema)]?.kind;
  const constant = kind === 'timestamp' ? boundText(String(right.value)) : String(right.value);
  return () => constant;
}

/** Negative, zero or positive, as the first value is smaller, equal or larger; texts of instants order as the instants do. */
function orderOf(column: Column | undefined): (a: string, b: string) => number {
  if (column?.kind !== 'numeric') return (a, b) => (a < b ? -1 : a > b ? 1 : 0);
  return (a, b) => (isLong(a) && isLong(b) ? compare(BigInt(a), BigInt(b)) : compare(Number(a), Number(b)));
}

/** Whole numbers that a double may round. */
const isLong = (text: string) => text.length > 15 && /^-?\d+$/.test(text);

function compare<T extends number | bigint>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function placeOf(name: string, schema: DataSchema): number {
  return schema.columns.findIndex((column) => column.name === name);
}

function describe(rule: CrossColumnRule, texts: RowTexts, schema: DataSchema): string {
  if (!('right' in rule)) return `${rule.left} must be ${rule.operator}${whenText(rule)}`;
  const { right } = rule;
  const other =
    'column' in right
      ? `${right.column} (${(texts[placeOf(right.column, schema)] ?? '').slice(0, 100)})`
      : String(right.value);
  return `${rule.left} must be ${rule.operator} ${other}${whenText(rule)}`;
}

function whenText({ when }: CrossColumnRule): string {
  if (when === undefined) return '';
  if (!('right' in when)) return ` when ${when.left} is ${when.operator}`;
  const { right } = when;
  return ` when ${when.left} ${when.operator} ${'column' in right ? right.column : String(right.value)}`;
}
