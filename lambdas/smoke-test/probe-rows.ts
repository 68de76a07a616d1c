import type { Column } from '../../contracts/data-schema.ts';
import type { ModelConfig } from '../../contracts/model-config.ts';
import type { Instance } from '../../contracts/serving.ts';

/** Golden rows asked at most; they were all checked by the gates. */
const MOST_GOLDEN_ROWS = 20;

/** Rows whose answers must be well formed: the model's golden rows, and two made from its schema: usual values, and all missing. */
export function probeRows({ data, gates }: Pick<ModelConfig, 'data' | 'gates'>): readonly Instance[] {
  const inputs = data.columns.filter(({ name }) => name !== data.target);
  const usual = Object.fromEntries(inputs.map((column) => [column.name, usualValue(column)]));
  const missing = Object.fromEntries(
    inputs.map((column) => [column.name, column.nullable === true ? null : usualValue(column)]),
  );
  return [...gates.goldenRows.slice(0, MOST_GOLDEN_ROWS).map(({ instance }) => instance), usual, missing];
}

/** A value the column allows, as far as its bounds tell. */
function usualValue({ kind, min, max, values }: Column): Instance[string] {
  switch (kind) {
    case 'numeric':
      return Number(min ?? max ?? 0);
    case 'categorical':
    case 'text':
    case 'identifier':
      return values?.[0] ?? 'a';
    case 'boolean':
      return false;
    case 'timestamp':
      return String(min ?? max ?? '2001-01-01T00:00:00Z');
    default:
      return kind satisfies never;
  }
}
