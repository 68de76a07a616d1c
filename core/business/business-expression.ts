import { Environment, type ParseResult } from '@marcbachmann/cel-js';
import { ModelwayError, type Problem, shownValue } from '../../contracts/problems.ts';
import type { Instance } from '../../contracts/serving.ts';
import { numberOf } from '../profile/watched.ts';
import { readsOf } from './expression-reads.ts';

/** What a column's values are, for an expression. */
export type ColumnType = 'number' | 'boolean' | 'text';

/** All that an expression may know of a row. */
export interface BusinessRow {
  readonly instance: Instance;
  readonly score: number;
  /** 0 or 1. */
  readonly predicted: number;
  /** 0 or 1; undefined while nobody knows. */
  readonly label: number | undefined;
  /** What the label says the row was worth; NaN or undefined when it says nothing. */
  readonly value: number | undefined;
}

/** An expression that was parsed and type-checked. */
export interface BusinessExpression {
  /** Whether it needs to know what became of a row: only labelled rows count then. */
  readonly needsLabel: boolean;
  /** The figure of a row; undefined when something it reads is missing, or the result is no finite number. Never throws. */
  readonly evaluate: (row: BusinessRow) => number | undefined;
}

/** Bounds on what is parsed: enough for any figure of a row, and nothing that runs long. */
const LIMITS = { maxAstNodes: 500, maxDepth: 30, maxListElements: 100, maxMapEntries: 0, maxCallArguments: 4 } as const;
const NUMBERS: ReadonlySet<string> = new Set(['double', 'int', 'uint']);
const CEL_TYPE = { number: 'double', boolean: 'bool', text: 'string' } as const satisfies Record<ColumnType, string>;

/**
 * Parses an expression of CEL over `score`, `predicted`, `label`, `value` and `row.<column>`; besides CEL's operators it may use double,
 * int, string, size, min, max, abs, contains, startsWith and endsWith. Nothing else can be reached from it, and nothing in it loops.
 * @param path where the expression stands, for problems
 * @throws ModelwayError `invalid-business-expression` that names every problem found
 */
export function parseBusinessExpression(
  expression: string,
  columns: ReadonlyMap<string, ColumnType>,
  path = 'expression',
): BusinessExpression {
  const refuse = (problems: readonly Omit<Problem, 'path' | 'got'>[]) =>
    new ModelwayError(
      'invalid-business-expression',
      'input',
      problems.map((problem) => ({ path, got: shownValue(expression), ...problem })),
    );
  const bare = parsed(new Environment({ limits: LIMITS }), expression);
  if (typeof bare === 'string')
    throw refuse([{ message: `is not an expression: ${bare}`, fix: 'see docs/statistics/realised-quality.md' }]);
  const { problems, columns: read, names } = readsOf(bare.ast);
  const unknown = read.filter((column) => !columns.has(column));
  const fix = `use one of: ${[...columns.keys()].slice(0, 30).join(', ')}`;
  const all = [
    ...problems,
    ...unknown.map((column) => ({ message: `reads a column ${column} that there is not`, fix })),
  ];
  if (all.length > 0) throw refuse(all);
  const types = new Map(read.flatMap((column) => namedType(column, columns.get(column))));
  const typed = parsed(environment(types), expression);
  const problem = typeof typed === 'string' ? typed : typeProblem(typed);
  if (typeof typed === 'string' || problem !== undefined)
    throw refuse([
      { message: problem ?? '', fix: 'write 1.0 for a number with decimals, and double(label) for a label among them' },
    ]);
  return {
    needsLabel: names.includes('label') || names.includes('value'),
    evaluate: (row) => evaluated(typed, row, types, names),
  };
}

const namedType = (name: string, type: ColumnType | undefined): readonly (readonly [string, ColumnType])[] =>
  type === undefined ? [] : [[name, type]];

function environment(columns: ReadonlyMap<string, ColumnType>): Environment {
  const row = Object.fromEntries([...columns].map(([name, type]) => [name, CEL_TYPE[type]]));
  const base = new Environment({ limits: LIMITS })
    .registerVariable('score', 'double')
    .registerVariable('predicted', 'int')
    .registerVariable('label', 'int')
    .registerVariable('value', 'double')
    .registerFunction('min(double, double): double', (a: number, b: number) => Math.min(a, b))
    .registerFunction('max(double, double): double', (a: number, b: number) => Math.max(a, b))
    .registerFunction('abs(double): double', (a: number) => Math.abs(a));
  return columns.size === 0 ? base : base.registerVariable({ name: 'row', schema: row });
}

function parsed(environmentOf: Environment, expression: string): ParseResult | string {
  try {
    return environmentOf.parse(expression);
  } catch (error) {
    return firstLine(error);
  }
}

function typeProblem(expression: ParseResult): string | undefined {
  const { valid, type, error } = expression.check();
  if (!valid) return `does not fit together: ${firstLine(error)}`;
  return NUMBERS.has(type ?? '') ? undefined : `gives a ${type}, and must give a number`;
}

const firstLine = (error: unknown) => (error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error));

function evaluated(
  expression: ParseResult,
  row: BusinessRow,
  columns: ReadonlyMap<string, ColumnType>,
  names: readonly string[],
): number | undefined {
  const { label, value = Number.NaN, score, predicted } = row;
  if (names.includes('label') && label === undefined) return undefined;
  if (names.includes('value') && (label === undefined || !Number.isFinite(value))) return undefined;
  const cells: Record<string, string | number | boolean> = {};
  for (const [name, type] of columns) {
    const cell = typedCell(row.instance[name], type);
    if (cell === undefined) return undefined;
    cells[name] = cell;
  }
  try {
    const result: unknown = expression({
      score,
      predicted: BigInt(predicted),
      label: BigInt(label ?? 0),
      value,
      row: cells,
    });
    const figure = Number(result);
    return Number.isFinite(figure) ? figure : undefined;
  } catch {
    // A whole number divided by 0, or a text that is no number, in a row like this one.
    return undefined;
  }
}

function typedCell(cell: Instance[string] | undefined, type: ColumnType): string | number | boolean | undefined {
  if (cell === null || cell === undefined) return undefined;
  switch (type) {
    case 'number': {
      const number = numberOf(cell);
      return Number.isNaN(number) ? undefined : number;
    }
    case 'boolean': {
      const text = String(cell).toLowerCase();
      return text === 'true' || text === '1' ? true : text === 'false' || text === '0' ? false : undefined;
    }
    case 'text':
      return String(cell);
    default:
      return type satisfies never;
  }
}
