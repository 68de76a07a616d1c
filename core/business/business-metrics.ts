import type { DataSchema } from '../../contracts/data-schema.ts';
import type { BusinessMetric } from '../../contracts/monitoring-config.ts';
import { ModelwayError, type Problem } from '../../contracts/problems.ts';
import { type BusinessExpression, type ColumnType, parseBusinessExpression } from './business-expression.ts';

/** A declared metric with its expression ready to run. */
export interface ReadyMetric extends BusinessExpression {
  readonly metric: BusinessMetric;
}

const COLUMN_TYPE = {
  numeric: 'number',
  boolean: 'boolean',
  categorical: 'text',
  text: 'text',
  timestamp: 'text',
  identifier: 'text',
} as const satisfies Record<DataSchema['columns'][number]['kind'], ColumnType>;

/** Types of a data schema's columns, the target left out: expressions read it as `label`. */
export function columnTypes({
  columns,
  target,
}: Pick<DataSchema, 'columns' | 'target'>): ReadonlyMap<string, ColumnType> {
  return new Map(
    columns
      .filter(({ name }) => name !== target)
      .map(({ name, kind }): [string, ColumnType] => [name, COLUMN_TYPE[kind]]),
  );
}

/**
 * Makes all declared metrics ready.
 * @throws ModelwayError `invalid-business-expression` naming every problem of every metric, at `<path>[i].expression`
 */
export function readyMetrics(
  metrics: readonly BusinessMetric[],
  columns: ReadonlyMap<string, ColumnType>,
  path = 'monitoring.business',
): readonly ReadyMetric[] {
  const problems: Problem[] = [];
  const seen = new Set<string>();
  const ready = metrics.flatMap((metric, index): ReadyMetric[] => {
    if (seen.has(metric.name))
      problems.push({
        path: `${path}[${index}].name`,
        message: `two metrics are named ${metric.name}`,
        fix: 'rename one',
      });
    seen.add(metric.name);
    try {
      return [{ metric, ...parseBusinessExpression(metric.expression, columns, `${path}[${index}].expression`) }];
    } catch (error) {
      if (!(error instanceof ModelwayError)) throw error;
      problems.push(...error.problems);
      return [];
    }
  });
  if (problems.length > 0) throw new ModelwayError('invalid-business-expression', 'input', problems);
  return ready;
}

/** Everything wrong with a model's declared metrics, for checks of a whole config; empty when nothing is. */
export function businessProblems(
  metrics: readonly BusinessMetric[],
  data: Pick<DataSchema, 'columns' | 'target'>,
  path: string,
): readonly Problem[] {
  try {
    readyMetrics(metrics, columnTypes(data), path);
    return [];
  } catch (error) {
    if (error instanceof ModelwayError) return error.problems;
    throw error;
  }
}
