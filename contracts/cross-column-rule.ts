import { z } from 'zod';
import type { Column, ColumnKind } from './data-schema.ts';
import { SEVERITIES } from './findings.ts';

export const COMPARISONS = ['<', '<=', '=', '!=', '>=', '>'] as const;
export const PRESENCES = ['present', 'absent'] as const;

const ComparisonSchema = z.strictObject({
  left: z.string(),
  operator: z.enum(COMPARISONS),
  /** Another column of the row, or a constant: a number, a text (an ISO instant for timestamps), true or false. */
  right: z.union([
    z.strictObject({ column: z.string() }),
    z.strictObject({ value: z.union([z.number(), z.string(), z.boolean()]) }),
  ]),
});
const PresenceSchema = z.strictObject({ left: z.string(), operator: z.enum(PRESENCES) });

/** Something said of one row. A comparison with a missing value is neither true nor false. */
export const RowConditionSchema = z.union([ComparisonSchema, PresenceSchema]);
export type RowCondition = z.infer<typeof RowConditionSchema>;
export type Comparison = z.infer<typeof ComparisonSchema>;

const ruleFields = {
  /** Named in findings, so that people know which rule a row broke. */
  name: z.string().min(1).max(100),
  /** The rule holds for rows of which this is true. Left out: for every row. */
  when: RowConditionSchema.optional(),
  /** What becomes of a row that breaks it. Left out: the severity of `cross-column`, which is `quarantine`. */
  severity: z.enum(SEVERITIES).optional(),
};

/**
 * What the columns of one row must be to each other: `{ name: 'lands after it starts', left: 'landed', operator: '>=', right:
 * { column: 'started' } }`. A comparison with a missing value breaks nothing; `present` and `absent` say whether it may be missing.
 */
export const CrossColumnRuleSchema = z.union([ComparisonSchema.extend(ruleFields), PresenceSchema.extend(ruleFields)]);
export type CrossColumnRule = z.infer<typeof CrossColumnRuleSchema>;

/** Which kinds can be compared with each other; texts only for being equal. */
const COMPARED_AS = {
  numeric: 'number',
  timestamp: 'instant',
  boolean: 'truth',
  categorical: 'text',
  text: 'text',
  identifier: 'text',
} as const satisfies Record<ColumnKind, string>;

/** What is wrong with a condition, given the columns there are; empty when nothing is. */
export function conditionProblems(
  condition: RowCondition,
  columns: ReadonlyMap<string, Pick<Column, 'kind'>>,
): readonly { readonly path: readonly string[]; readonly message: string }[] {
  const left = columns.get(condition.left);
  const unknown = 'names a column that is not in columns';
  if (left === undefined) return [{ path: ['left'], message: unknown }];
  if (!('right' in condition)) return [];
  const { operator, right } = condition;
  const compared = COMPARED_AS[left.kind];
  if ((compared === 'text' || compared === 'truth') && operator !== '=' && operator !== '!=')
    return [{ path: ['operator'], message: `${left.kind} columns have no order; use = or !=` }];
  if ('value' in right)
    return constantFits(right.value, compared)
      ? []
      : [{ path: ['right', 'value'], message: `must be ${CONSTANT[compared]}, as ${condition.left} is ${left.kind}` }];
  const other = columns.get(right.column);
  if (other === undefined) return [{ path: ['right', 'column'], message: unknown }];
  return COMPARED_AS[other.kind] === compared
    ? []
    : [{ path: ['right', 'column'], message: `a ${other.kind} column cannot be compared with a ${left.kind} one` }];
}

const CONSTANT = {
  number: 'a finite number',
  instant: 'an ISO instant',
  truth: 'true or false',
  text: 'a text',
} as const;

function constantFits(value: number | string | boolean, compared: keyof typeof CONSTANT): boolean {
  if (compared === 'number') return typeof value === 'number' && Number.isFinite(value);
  if (compared === 'truth') return typeof value === 'boolean';
  return typeof value === 'string' && (compared === 'text' || !Number.isNaN(Date.parse(value)));
}
