import type { ModelConfig } from '../../contracts/model-config.ts';
import { type Problem, shownValue } from '../../contracts/problems.ts';
import type { At } from './platform-problems.ts';

/** Slices of columns that there are not, and targets of business metrics that no figure, or every one, would meet. */
export function qualityProblems(model: Pick<ModelConfig, 'monitoring' | 'data'>, at: At): readonly Problem[] {
  return [...sliceProblems(model, at), ...targetProblems(model, at)];
}

function sliceProblems({ monitoring, data }: Pick<ModelConfig, 'monitoring' | 'data'>, at: At): readonly Problem[] {
  const names = data.columns.map(({ name }) => name).filter((name) => name !== data.target);
  // Left out, slices are the protected columns, whose names the schema has checked.
  return monitoring.quality.slices.flatMap((column, index, all): readonly Problem[] => {
    const path = at(`monitoring.quality.slices[${index}]`);
    const got = shownValue(column);
    if (column === data.target)
      return [{ path, got, message: 'is the target, whose values are what quality compares', fix: 'remove it' }];
    if (!names.includes(column))
      return [
        {
          path,
          got,
          message: 'names a column that is not in data.columns',
          fix: `use one of: ${names.slice(0, 30).join(', ')}`,
        },
      ];
    return all.indexOf(column) === index
      ? []
      : [{ path, got, message: 'names a column for the second time', fix: 'remove it' }];
  });
}

function targetProblems({ monitoring }: Pick<ModelConfig, 'monitoring'>, at: At): readonly Problem[] {
  return monitoring.business.flatMap(({ target }, index): readonly Problem[] => {
    if (target === undefined) return [];
    const path = at(`monitoring.business[${index}].target`);
    const { atLeast, atMost } = target;
    if (atLeast === undefined && atMost === undefined)
      return [{ path, message: 'names no limit', got: shownValue(target), fix: 'add atLeast or atMost, or remove it' }];
    return atLeast === undefined || atMost === undefined || atLeast <= atMost
      ? []
      : [
          {
            path,
            message: 'has atLeast above atMost, which no figure meets',
            got: shownValue(target),
            fix: 'exchange them',
          },
        ];
  });
}
