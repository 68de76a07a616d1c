import type { ColumnKind } from '../../contracts/data-schema.ts';
import type { Feature } from '../../contracts/features.ts';
import type { ModelConfig } from '../../contracts/model-config.ts';
import { type Problem, shownValue } from '../../contracts/problems.ts';
import type { At } from './platform-problems.ts';

/** Kinds of column that a feature can be made of. */
const MADE_OF: Readonly<Record<Feature['kind'], readonly ColumnKind[]>> = {
  numeric: ['numeric', 'boolean'],
  category: ['categorical', 'boolean', 'text', 'identifier', 'numeric'],
  boolean: ['boolean', 'numeric'],
  hour: ['timestamp'],
  weekday: ['timestamp'],
};

/** Features that the training job could not make of their columns. */
export function featureProblems(
  { features, data }: Pick<ModelConfig, 'features' | 'data'>,
  at: At,
): readonly Problem[] {
  const kinds = new Map(data.columns.map(({ name, kind }) => [name, kind]));
  return features.flatMap(({ kind, column }, index): readonly Problem[] => {
    const found = kinds.get(column);
    if (found === undefined || MADE_OF[kind].includes(found)) return [];
    return [
      {
        path: at(`features[${index}].kind`),
        message: `is made of a ${MADE_OF[kind].join(' or ')} column, and ${column} is ${found}`,
        got: shownValue(kind),
        fix: `use ${usableKinds(found)}`,
      },
    ];
  });
}

function usableKinds(column: ColumnKind): string {
  const kinds: readonly Feature['kind'][] = ['numeric', 'category', 'boolean', 'hour', 'weekday'];
  return kinds
    .filter((kind) => MADE_OF[kind].includes(column))
    .map((kind) => `'${kind}'`)
    .join(' or ');
}
