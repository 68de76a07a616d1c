import type { Instance } from '../../../contracts/serving.ts';
import { type ColumnFeature, numberOf } from '../../profile/watched.ts';
import { placeOf, placeOfText, textAt, type ValueTable, valueTable } from './value-table.ts';

/** Rows gathered before they are handed on, and room for the rows of one more request. */
export const BATCH_ROWS = 2048;
const ROOM = 2 * BATCH_ROWS;
/** A table of more different values than this is handed on and begun anew, so that memory stays small. */
const MOST_VALUES = 50_000;

/** What a column's values become: nothing, one number, one value of a category, or several features. */
export const ROLE = { ignored: 0, number: 1, category: 2, several: 3 } as const;

type Numeric = Extract<ColumnFeature, { kind: 'numeric' }>;
type Category = Extract<ColumnFeature, { kind: 'category' }>;
interface NumberColumn {
  readonly kind: 'numeric';
  readonly feature: Numeric;
  readonly values: Float64Array;
}
interface CategoryColumn {
  readonly kind: 'category';
  readonly feature: Category;
  readonly places: Int32Array;
  table: ValueTable;
  counts: Float64Array;
  missing: number;
}

/** Where rows go: numbers of a feature in the order of rows, values of a category with how often they came. */
export interface RowSink {
  readonly numbers: (columns: ReadonlyMap<string, Float64Array>, rows: number) => void;
  readonly values: (name: string, value: string | undefined, times: number) => void;
}

/**
 * Rows by column, written value by value at `row`. Rows of a request that turns out to be unreadable are taken back. A text from CSV that
 * is empty is missing and is not written.
 */
export interface RowColumns {
  /** The role of each column, by its place in `columns`. */
  readonly roles: Uint8Array;
  /** Where the numbers of a column with that role go. */
  readonly numbers: readonly Float64Array[];
  /** The row begun last. */
  row: number;
  /** Begins a row with every feature missing; false when there is no room, which ends the request. */
  readonly beginRow: () => boolean;
  /** Sets the category of a column with that role. */
  readonly setBytes: (column: number, bytes: Uint8Array, from: number, to: number) => void;
  /** Sets whatever features the column has, from a value as a caller sent it. */
  readonly setValue: (column: number, value: Instance[string]) => void;
  /** Rows since the last request that was kept. */
  readonly pending: () => number;
  /** Takes the pending rows back. */
  readonly takeBack: () => void;
  /** Keeps the pending rows, and hands all on when there are enough. */
  readonly keep: () => void;
  /** Hands on what is left. */
  readonly end: () => void;
}

const NOWHERE = new Float64Array();

/** Columns for features over the named columns; features of other columns stay missing. */
export function rowColumns(columns: readonly string[], features: readonly ColumnFeature[], sink: RowSink): RowColumns {
  const held = features.map(columnOf);
  const numeric = held.filter((column) => column.kind === 'numeric');
  const categories = held.filter((column) => column.kind === 'category');
  const byColumn = columns.map((name) => held.filter(({ feature }) => feature.column === name));
  const only = byColumn.map(([first]) => first);
  const categoryAt = only.map((column) => (column?.kind === 'category' ? column : undefined));
  let kept = 0;
  const forget = (from: number, to: number) => {
    for (const { values } of numeric) values.fill(Number.NaN, from, to);
    for (const { places } of categories) places.fill(-1, from, to);
  };
  forget(0, ROOM);
  const handOn = () => {
    if (kept > 0)
      sink.numbers(new Map(numeric.map(({ feature, values }) => [feature.name, values.subarray(0, kept)])), kept);
    for (const column of categories) {
      tally(column, kept);
      if (column.table.size > MOST_VALUES) drain(column, sink);
    }
    forget(0, kept);
    kept = 0;
    into.row = -1;
  };
  const into: RowColumns = {
    roles: Uint8Array.from(byColumn, roleOf),
    numbers: only.map((column) => (column?.kind === 'numeric' ? column.values : NOWHERE)),
    row: -1,
    beginRow: () => {
      if (into.row === ROOM - 1) return false;
      into.row += 1;
      return true;
    },
    setBytes: (column, bytes, from, to) => {
      const target = categoryAt[column];
      if (target !== undefined) target.places[into.row] = placeOf(target.table, bytes, from, to);
    },
    setValue: (column, value) => {
      for (const target of byColumn[column] ?? []) setOne(target, into.row, value);
    },
    pending: () => into.row + 1 - kept,
    takeBack: () => {
      forget(kept, into.row + 1);
      into.row = kept - 1;
    },
    keep: () => {
      kept = into.row + 1;
      if (kept >= BATCH_ROWS) handOn();
    },
    end: () => {
      handOn();
      for (const column of categories) drain(column, sink);
    },
  };
  return into;
}

function setOne(column: NumberColumn | CategoryColumn, row: number, value: Instance[string]): void {
  if (column.kind === 'numeric') column.values[row] = column.feature.of(value);
  else {
    const text = column.feature.of(value);
    column.places[row] = text === undefined ? -1 : placeOfText(column.table, text);
  }
}

function columnOf(feature: ColumnFeature): NumberColumn | CategoryColumn {
  if (feature.kind === 'numeric') return { kind: 'numeric', feature, values: new Float64Array(ROOM) };
  const places = new Int32Array(ROOM);
  return { kind: 'category', feature, places, table: valueTable(), counts: new Float64Array(64), missing: 0 };
}

function roleOf(targets: readonly (NumberColumn | CategoryColumn)[]): number {
  const [first, ...more] = targets;
  if (first === undefined) return ROLE.ignored;
  if (more.length > 0) return ROLE.several;
  if (first.kind === 'numeric') return first.feature.of === numberOf ? ROLE.number : ROLE.several;
  // Their bytes are counted as they are, and `of` is asked once per value when they are handed on.
  return first.feature.from === 'text' || first.feature.from === 'truth' ? ROLE.category : ROLE.several;
}

function tally(column: CategoryColumn, rows: number): void {
  const { places, table } = column;
  if (column.counts.length < table.size) {
    const larger = new Float64Array(2 * table.size);
    larger.set(column.counts);
    column.counts = larger;
  }
  const { counts } = column;
  let missing = 0;
  for (let row = 0; row < rows; row++) {
    const place = places[row] ?? -1;
    if (place < 0) missing++;
    else counts[place] = (counts[place] ?? 0) + 1;
  }
  column.missing += missing;
}

function drain(column: CategoryColumn, sink: RowSink): void {
  const { feature, counts, table, missing } = column;
  if (missing > 0) sink.values(feature.name, undefined, missing);
  for (let place = 0; place < table.size; place++) {
    const times = counts[place] ?? 0;
    const text = textAt(table, place);
    const ready = feature.from === 'hour' || feature.from === 'weekday';
    if (times > 0) sink.values(feature.name, ready ? text : feature.of(text), times);
  }
  column.table = valueTable();
  column.counts = new Float64Array(64);
  column.missing = 0;
}
