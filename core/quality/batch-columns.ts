import type { Segment } from '../../contracts/quality-window.ts';
import type { Instance } from '../../contracts/serving.ts';
import type { ColumnType } from '../business/business-expression.ts';
import type { CapturedBatch } from '../capture/fast/captured-batch.ts';
import { placeCodes, type RowCodes } from '../capture/fast/place-codes.ts';
import { binOf } from '../profile/edges.ts';
import { type ColumnFeature, numberOf } from '../profile/watched.ts';
import { segmentReader } from './segments.ts';

type Cut = Pick<Segment, 'column' | 'edges' | 'values'>;
type Cell = Instance[string] | undefined;

/** Columns are read under names that no feature has: schemas refuse control characters. */
const sliceName = (column: string) => `\u0000slice ${column}`;
const cellName = (column: string) => `\u0000cell ${column}`;

/** The slice of a segment as a feature that a capture reader reads. */
export function segmentFeature({ column, edges }: Pick<Cut, 'column' | 'edges'>): ColumnFeature {
  const name = sliceName(column);
  return edges === null ? textFeature(name, column, sentText) : numberFeature(name, column);
}

/** The columns that business metrics may read, as features. */
export function cellFeatures(columns: ReadonlyMap<string, ColumnType>): readonly ColumnFeature[] {
  return [...columns].map(([column, type]) =>
    type === 'number' ? numberFeature(cellName(column), column) : textFeature(cellName(column), column, plainText),
  );
}

const numberFeature = (name: string, column: string): ColumnFeature => ({
  name,
  column,
  from: 'number',
  kind: 'numeric',
  measures: undefined,
  of: numberOf,
  read: (row) => numberOf(row[column]),
});

const textFeature = (name: string, column: string, of: (cell: Cell) => string | undefined): ColumnFeature => ({
  name,
  column,
  from: 'text',
  kind: 'category',
  of,
  read: (row) => of(row[column]),
});

const plainText = (cell: Cell) => (cell === null || cell === undefined ? undefined : String(cell));
/** An empty text belongs to the slice of missing values. */
const sentText = (cell: Cell) => (cell === '' ? undefined : plainText(cell));

/** Which value of a segment each row of a batch has, as `segmentReader` tells it of the row itself. */
export function batchSlices(segment: Cut): (batch: CapturedBatch) => RowCodes {
  const { column, edges } = segment;
  const sliceOf = segmentReader(segment);
  const of = (cell: Cell) => sliceOf(cell === undefined ? {} : { [column]: cell });
  const [missing, other] = [of(undefined), of('no number')];
  const known = placeCodes(of);
  const name = sliceName(column);
  return (batch) => {
    const numbers = batch.numbers.get(name);
    if (numbers !== undefined && edges !== null)
      return (row) => {
        const number = numbers[row] ?? Number.NaN;
        return Number.isNaN(number) ? missing : Number.isFinite(number) ? binOf(edges, number) : other;
      };
    const values = batch.values.get(name);
    return values === undefined ? () => missing : known(values);
  };
}

/** A row of a batch as business metrics read it: the columns of `cellFeatures`. */
export function batchCells(columns: ReadonlyMap<string, ColumnType>): (batch: CapturedBatch, row: number) => Instance {
  return (batch, row) =>
    Object.fromEntries(
      [...columns.keys()].flatMap((column): [string, Cell & {}][] => {
        const cell = cellAt(batch, cellName(column), row);
        return cell === undefined ? [] : [[column, cell]];
      }),
    );
}

function cellAt({ numbers, values }: CapturedBatch, name: string, row: number): string | number | undefined {
  const number = numbers.get(name)?.[row];
  if (number !== undefined) return Number.isFinite(number) ? number : undefined;
  const texts = values.get(name);
  const place = texts?.places[row] ?? -1;
  return place < 0 ? undefined : texts?.valueAt(place);
}
