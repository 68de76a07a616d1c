import { ModelwayError, shownValue } from '../../contracts/problems.ts';
import type { Instance } from '../../contracts/serving.ts';
import { instantOf } from '../../core/profile/instant.ts';
import { numberOf } from '../../core/profile/watched.ts';
import type { ColumnRoles } from './quality-request.ts';

/** What a row of a file says beside its features. */
export interface RowValues {
  /** NaN when missing. */
  readonly score: number;
  readonly label: 0 | 1 | undefined;
  readonly value: number | undefined;
  /** Epoch milliseconds; undefined where the row has no time. */
  readonly at: number | undefined;
  readonly id: string | undefined;
  readonly row: number;
}

/** Reads the columns that play a role. @throws ModelwayError `invalid-rows` when a label is neither 0 nor 1 */
export function rowValues(instance: Instance, columns: ColumnRoles): RowValues {
  const cell = (column: string | undefined) => (column === undefined ? undefined : instance[column]);
  const [value, at] = [numberOf(cell(columns.value)), instantOf(cell(columns.time))];
  const id = cell(columns.id);
  return {
    score: numberOf(cell(columns.score)),
    label: labelOf(cell(columns.label), columns.label ?? ''),
    value: Number.isNaN(value) ? undefined : value,
    at: Number.isNaN(at) ? undefined : at,
    id: id === null || id === undefined ? undefined : String(id),
    row: columns.row === undefined ? 0 : numberOf(cell(columns.row)),
  };
}

function labelOf(cell: Instance[string] | undefined, column: string): 0 | 1 | undefined {
  if (cell === null || cell === undefined || cell === '') return undefined;
  const text = String(cell).toLowerCase();
  if (text === '1' || text === 'true') return 1;
  if (text === '0' || text === 'false') return 0;
  throw new ModelwayError('invalid-rows', 'input', [
    {
      path: column,
      message: 'must hold 0 and 1, true and false, or nothing where the outcome is not known',
      got: shownValue(cell),
      fix: 'name the column with --label that holds what was to be predicted',
    },
  ]);
}
