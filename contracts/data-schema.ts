import { z } from 'zod';
import { CrossColumnRuleSchema, conditionProblems } from './cross-column-rule.ts';
import { SEVERITIES_OF } from './findings.ts';
import { parsePattern } from './pattern.ts';
import { ModelwayError } from './problems.ts';

export const COLUMN_KINDS = ['numeric', 'categorical', 'text', 'timestamp', 'boolean', 'identifier'] as const;
export type ColumnKind = (typeof COLUMN_KINDS)[number];

/** Names that would reach an object's prototype; refused wherever a column is named. */
const FORBIDDEN_NAMES: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

export const ColumnNameSchema = z
  .string()
  .min(1)
  .max(128)
  .refine((name) => !FORBIDDEN_NAMES.has(name), 'this column name is reserved; rename the column');

/**
 * One column of the data a model is trained on.
 * `min`/`max` belong to numeric and timestamp columns (numbers, or ISO instants), `values` to categorical ones,
 * `pattern` and `maxLength` to text, categorical and identifier ones.
 */
export const ColumnSchema = z
  .strictObject({
    name: ColumnNameSchema,
    kind: z.enum(COLUMN_KINDS),
    /** May the value be missing? Left out: no. */
    nullable: z.boolean().optional(),
    /** Numeric only: must the value be a whole number? Left out: no. */
    integer: z.boolean().optional(),
    /** Numeric only: what separates the decimals where numbers are written as text. Left out: as the schema says. */
    decimal: z.enum(['.', ',']).optional(),
    /** Timestamp only: must values name their zone? Left out: those that do not are UTC. */
    zone: z.literal('required').optional(),
    /** Smallest value allowed, inclusive. Left out: no bound. */
    min: z.union([z.number(), z.string()]).optional(),
    /** Largest value allowed, inclusive. Left out: no bound. */
    max: z.union([z.number(), z.string()]).optional(),
    /** Allowed values. Left out: any. */
    values: z.array(z.string()).min(1).optional(),
    /** Regular expression the whole value must match, without look-around, back-references and `\b`. Left out: any. */
    pattern: z.string().max(500).optional(),
    /** Longest text allowed, in characters. Left out: 10 000. */
    maxLength: z.int().positive().optional(),
    /** Must values be unique within a file? Left out: no. */
    unique: z.boolean().optional(),
  })
  .superRefine((column, ctx) => {
    const only = (field: keyof typeof column, kinds: readonly ColumnKind[]) => {
      if (column[field] !== undefined && !kinds.includes(column.kind))
        ctx.addIssue({
          code: 'custom',
          path: [field],
          message: `${field} is for ${kinds.join(', ')} columns, not ${column.kind}; remove it`,
        });
    };
    only('integer', ['numeric']);
    only('decimal', ['numeric']);
    only('zone', ['timestamp']);
    only('min', ['numeric', 'timestamp']);
    only('max', ['numeric', 'timestamp']);
    only('values', ['categorical', 'text', 'identifier']);
    only('pattern', ['categorical', 'text', 'identifier']);
    only('maxLength', ['categorical', 'text', 'identifier']);
    for (const bound of ['min', 'max'] as const) {
      const value = column[bound];
      if (column.kind === 'numeric' && value !== undefined && typeof value !== 'number')
        ctx.addIssue({ code: 'custom', path: [bound], message: `${bound} of a numeric column must be a number` });
      if (column.kind === 'timestamp' && value !== undefined && Number.isNaN(Date.parse(String(value))))
        ctx.addIssue({
          code: 'custom',
          path: [bound],
          message: `${bound} of a timestamp column must be an ISO instant`,
        });
    }
    const wrong = column.pattern === undefined ? undefined : patternProblem(column.pattern);
    if (wrong !== undefined) ctx.addIssue({ code: 'custom', path: ['pattern'], message: wrong });
  });
export type Column = z.infer<typeof ColumnSchema>;

/** The typed schema of a model's data; also the format of `--schema S.json`. */
export const DataSchemaSchema = z
  .strictObject({
    columns: z.array(ColumnSchema).min(1).max(2000),
    /** The column to predict: boolean, or numeric 0/1. Left out: the data can be validated and watched but not trained on. */
    target: ColumnNameSchema.optional(),
    /** The timestamp column that orders rows. Left out: rows have no time and splits are by hash. */
    time: ColumnNameSchema.optional(),
    /** The identifier of the person or thing a row is about; rows of one entity never cross a split. Left out: none. */
    entity: ColumnNameSchema.optional(),
    /** Columns fairness is measured over. Left out: none. */
    protected: z.array(ColumnNameSchema).optional(),
    /** What to do with a column the schema does not name. Left out: `reject` the file. */
    unknownColumns: z.enum(['reject', 'drop']).optional(),
    /** What separates the decimals of numbers written as text. Left out: `.`. */
    decimal: z.enum(['.', ',']).optional(),
    /** What the columns of a row must be to each other. Left out: nothing. */
    rules: z.array(CrossColumnRuleSchema).max(200).optional(),
    /** Fewest acceptable rows of a file. Left out: 1. */
    minimumRows: z.int().positive().optional(),
    /** A target whose rarer class has a smaller share is warned of, 0–0.5. Left out: 0.01. */
    minimumClassShare: z.number().min(0).max(0.5).optional(),
    /** A column that tells the two classes of the target apart with this AUC or a higher one is taken for a leak, 0.5–1. Left out: 0.99. */
    leakageAuc: z.number().gt(0.5).max(1).optional(),
    /** What a rule's finding does, where it is not to be what the table of rules says. Left out: as in the table. */
    severities: z.strictObject(SEVERITIES_OF).partial().optional(),
  })
  .superRefine((schema, ctx) => {
    const kinds = new Map<string, ColumnKind>();
    schema.columns.forEach((column, index) => {
      if (kinds.has(column.name))
        ctx.addIssue({
          code: 'custom',
          path: ['columns', index, 'name'],
          message: `column ${column.name} is declared twice`,
        });
      kinds.set(column.name, column.kind);
    });
    const refer = (path: (string | number)[], name: string | undefined, allowed?: readonly ColumnKind[]) => {
      if (name === undefined) return;
      const kind = kinds.get(name);
      if (kind === undefined) ctx.addIssue({ code: 'custom', path, message: `names a column that is not in columns` });
      else if (allowed && !allowed.includes(kind))
        ctx.addIssue({ code: 'custom', path, message: `must be a ${allowed.join(' or ')} column, ${name} is ${kind}` });
    };
    refer(['target'], schema.target, ['boolean', 'numeric']);
    refer(['time'], schema.time, ['timestamp']);
    refer(['entity'], schema.entity, ['identifier', 'categorical', 'numeric']);
    const columns = new Map(schema.columns.map((column) => [column.name, column]));
    const names = new Set<string>();
    (schema.rules ?? []).forEach((rule, index) => {
      if (names.has(rule.name))
        ctx.addIssue({
          code: 'custom',
          path: ['rules', index, 'name'],
          message: `rule ${rule.name} is declared twice`,
        });
      names.add(rule.name);
      const problems = [
        ...conditionProblems(rule, columns),
        ...(rule.when === undefined
          ? []
          : conditionProblems(rule.when, columns).map(({ path, message }) => ({ path: ['when', ...path], message }))),
      ];
      for (const { path, message } of problems)
        ctx.addIssue({ code: 'custom', path: ['rules', index, ...path], message });
    });
    (schema.protected ?? []).forEach((name, index) => {
      refer(['protected', index], name);
    });
  });
export type DataSchema = z.infer<typeof DataSchemaSchema>;

function patternProblem(pattern: string): string | undefined {
  try {
    new RegExp(pattern, 'u');
  } catch {
    return 'pattern is not a regular expression';
  }
  try {
    parsePattern(pattern);
    return undefined;
  } catch (error) {
    return error instanceof ModelwayError ? error.problems[0]?.message : String(error);
  }
}
