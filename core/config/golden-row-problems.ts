import type { Column } from '../../contracts/data-schema.ts';
import type { ModelConfig } from '../../contracts/model-config.ts';
import { type Problem, shownValue } from '../../contracts/problems.ts';
import type { Instance } from '../../contracts/serving.ts';
import { instantOf } from '../profile/instant.ts';
import type { At } from './platform-problems.ts';

/** Golden rows that name columns there are not, hold values of another kind, or allow no score at all. */
export function goldenRowProblems({ gates, data }: Pick<ModelConfig, 'gates' | 'data'>, at: At): readonly Problem[] {
  const columns = new Map(data.columns.map((column) => [column.name, column]));
  return gates.goldenRows.flatMap(({ instance, atLeast = 0, atMost = 1 }, index) => {
    const path = (name: string) => at(`gates.goldenRows[${index}].${name}`);
    const cells = Object.entries(instance).flatMap(([name, value]) => {
      const problem = cellProblem(name, value, columns.get(name), data.target);
      return problem === undefined ? [] : [{ path: path(`instance.${name}`), got: shownValue(value), ...problem }];
    });
    return atLeast <= atMost
      ? cells
      : [
          ...cells,
          {
            path: path('atLeast'),
            message: `is above atMost, ${atMost}, so that no score is allowed`,
            got: String(atLeast),
            fix: 'lower it, or raise atMost',
          },
        ];
  });
}

function cellProblem(
  name: string,
  value: Instance[string],
  column: Column | undefined,
  target: string | undefined,
): Pick<Problem, 'message' | 'fix'> | undefined {
  if (column === undefined)
    return { message: 'names a column that is not in data.columns', fix: 'correct the name, or remove it' };
  if (name === target) return { message: 'is the target, which callers do not know', fix: 'remove it' };
  if (value === null || fits(value, column)) return undefined;
  return { message: `is no value of a ${column.kind} column`, fix: 'write it as callers would send it' };
}

function fits(value: NonNullable<Instance[string]>, { kind }: Column): boolean {
  switch (kind) {
    case 'numeric':
      return typeof value === 'number';
    case 'boolean':
      return typeof value === 'boolean';
    case 'timestamp':
      return !Number.isNaN(instantOf(value));
    case 'categorical':
    case 'text':
    case 'identifier':
      return typeof value !== 'boolean';
    default:
      return kind satisfies never;
  }
}
