import type { Instance } from '../../../contracts/serving.ts';
import { type ColumnFeature, numberOf } from '../../profile/watched.ts';
import type { CapturedValues } from './captured-batch.ts';
import { placeOfText, textAt, type ValueTable, valueTable } from './value-table.ts';

/** Rows gathered before they are handed on: few enough to stay in the processor's second cache. */
export const BATCH_ROWS = 1024;
/** Room for the rows of one more request. */
const ROOM = BATCH_ROWS + 4096;
/** Columns lie this far apart: a multiple of a page would put all of them into the same few lines of the nearest cache. */
const STRIDE = ROOM + 8;
/** A table of more different values than this is begun anew, so that memory stays small. */
const MOST_VALUES = 50_000;

/** What a column's values become: nothing, one number, the text of a category, or what `setValue` makes of them. */
export const ROLE = { ignored: 0, number: 1, category: 2, several: 3 } as const;

type Value = Instance[string];
type Numeric = Extract<ColumnFeature, { kind: 'numeric' }>;
type Category = Extract<ColumnFeature, { kind: 'category' }>;

/** Where the values of a column, or of one feature of it, go. */
type Target =
  | { readonly kind: 'number'; readonly features: readonly Numeric[]; readonly base: number }
  | { readonly kind: 'text'; readonly features: readonly Category[]; readonly base: number; readonly slot: number }
  | { readonly kind: 'made-number'; readonly features: readonly [Numeric]; readonly base: number }
  | {
      readonly kind: 'made-text';
      readonly features: readonly [Category];
      readonly base: number;
      readonly slot: number;
    };

/**
 * Rows by column, written value by value at `row`. Rows of a request that turns out to be unreadable are taken back. Plain data, since
 * whoever reads bytes writes into these arrays without a call per value.
 */
export interface RowStore {
  /** The role of each column. */
  readonly roles: Uint8Array;
  /** Where the rows of a column begin: in `numbers` for a number, in `places` for a category. */
  readonly bases: Int32Array;
  /** Which of `tables` holds the values of a category column. */
  readonly slots: Int32Array;
  /** NaN is missing, an infinity no number. */
  readonly numbers: Float64Array;
  /** −1 is missing. */
  readonly places: Int32Array;
  readonly tables: ValueTable[];
  readonly targets: readonly (readonly Target[])[];
  /** The row begun last. */
  row: number;
  /** Rows of requests that were kept. */
  kept: number;
}

/** An empty store of features over the named columns; features of other columns stay missing. */
export function rowStore(columns: readonly string[], features: readonly ColumnFeature[]): RowStore {
  const next = { number: 0, text: 0 };
  const targets = columns.map((name) =>
    targetsOf(
      features.filter(({ column }) => column === name),
      next,
    ),
  );
  const only = targets.map(([first]) => first);
  const store: RowStore = {
    roles: Uint8Array.from(targets, roleOf),
    bases: Int32Array.from(only, (target) => target?.base ?? 0),
    slots: Int32Array.from(only, (target) => (target !== undefined && 'slot' in target ? target.slot : -1)),
    numbers: new Float64Array(next.number * STRIDE),
    places: new Int32Array(next.text * STRIDE),
    tables: Array.from({ length: next.text }, valueTable),
    targets,
    row: -1,
    kept: 0,
  };
  forget(store, 0, ROOM);
  return store;
}

/** Begins a row with every feature missing; false when there is no room. */
export function beginRow(store: RowStore): boolean {
  if (store.row === ROOM - 1) return false;
  store.row += 1;
  return true;
}

/** Rows since the last request that was kept. */
export const pendingRows = ({ row, kept }: RowStore): number => row + 1 - kept;

/** Takes the pending rows back. */
export function takeBack(store: RowStore): void {
  forget(store, store.kept, store.row + 1);
  store.row = store.kept - 1;
}

/** Keeps the pending rows; true when there are enough to be handed on. */
export function keepRows(store: RowStore): boolean {
  store.kept = store.row + 1;
  return store.kept >= BATCH_ROWS;
}

/** Forgets the kept rows, which were handed on, and tables that have become large; pending rows stay. */
export function clearRows(store: RowStore): void {
  const { numbers, places, kept, row } = store;
  const pending = row + 1 - kept;
  if (pending > 0) {
    for (let base = 0; base < numbers.length; base += STRIDE) numbers.copyWithin(base, base + kept, base + row + 1);
    for (let base = 0; base < places.length; base += STRIDE) places.copyWithin(base, base + kept, base + row + 1);
  }
  forget(store, pending, row + 1);
  store.row = pending - 1;
  store.kept = 0;
  if (pending > 0) return;
  for (const [slot, table] of store.tables.entries()) if (table.size > MOST_VALUES) store.tables[slot] = valueTable();
}

/** Moves the pending rows of one store to another of the same columns; false when there is no room. */
export function moveRows(from: RowStore, to: RowStore): boolean {
  const [first, end] = [from.kept, from.row + 1];
  const into = to.row + 1;
  if (into + end - first > ROOM) return false;
  for (let base = 0; base < from.numbers.length; base += STRIDE)
    for (let i = first; i < end; i++) to.numbers[base + into + i - first] = from.numbers[base + i] ?? Number.NaN;
  for (const [slot, table] of from.tables.entries()) {
    const target = to.tables[slot] ?? valueTable();
    const base = slot * STRIDE;
    for (let i = first; i < end; i++) {
      const place = from.places[base + i] ?? -1;
      to.places[base + into + i - first] = place < 0 ? -1 : placeOfText(target, textAt(table, place));
    }
  }
  to.row += end - first;
  takeBack(from);
  return true;
}

/** Sets whatever features a column has, from a value as a caller sent it. */
export function setValue(store: RowStore, column: number, value: Value): void {
  const { numbers, places, row } = store;
  for (const target of store.targets[column] ?? []) {
    const at = target.base + row;
    switch (target.kind) {
      case 'number':
        numbers[at] = numberOrInfinite(value);
        break;
      case 'made-number':
        numbers[at] = target.features[0].of(value);
        break;
      case 'text':
        places[at] = placeOr(store, target.slot, value === null ? undefined : String(value));
        break;
      case 'made-text':
        places[at] = placeOr(store, target.slot, target.features[0].of(value));
        break;
      default:
        target satisfies never;
    }
  }
}

/** The first rows by feature. */
export function featuresOf(
  store: RowStore,
  rows: number,
): {
  readonly numbers: ReadonlyMap<string, Float64Array>;
  readonly values: ReadonlyMap<string, CapturedValues>;
} {
  const numbers = new Map<string, Float64Array>();
  const values = new Map<string, CapturedValues>();
  for (const target of store.targets.flat())
    for (const feature of target.features) {
      const [from, to] = [target.base, target.base + rows];
      if (feature.kind === 'numeric') numbers.set(feature.name, store.numbers.subarray(from, to));
      else if ('slot' in target) values.set(feature.name, valuesOf(store, rows, target, feature));
    }
  return { numbers, values };
}

function valuesOf(
  store: RowStore,
  rows: number,
  { kind, base, slot }: Extract<Target, { slot: number }>,
  feature: Category,
): CapturedValues {
  const table = store.tables[slot] ?? valueTable();
  return {
    places: store.places.subarray(base, base + rows),
    size: table.size,
    meaning: table,
    valueAt: (place: number) => (kind === 'text' ? feature.of(textAt(table, place)) : textAt(table, place)),
  };
}

/** Numbers of one column lie in one array, however many features read them; so do texts. Other features have an array each. */
function targetsOf(features: readonly ColumnFeature[], next: { number: number; text: number }): readonly Target[] {
  const numeric = features.filter((feature) => feature.kind === 'numeric');
  const category = features.filter((feature) => feature.kind === 'category');
  const plain = numeric.filter(({ from }) => from === 'number');
  // Their texts are counted as they are, and `of` is asked once for each.
  const texts = category.filter(({ from }) => from === 'text' || from === 'truth');
  const number = () => ({ base: next.number++ * STRIDE });
  const text = () => ({ slot: next.text, base: next.text++ * STRIDE });
  return [
    ...(plain.length === 0 ? [] : [{ kind: 'number' as const, features: plain, ...number() }]),
    ...(texts.length === 0 ? [] : [{ kind: 'text' as const, features: texts, ...text() }]),
    ...numeric
      .filter(({ from }) => from !== 'number')
      .map((feature): Target => ({ kind: 'made-number', features: [feature], ...number() })),
    ...category
      .filter((feature) => !texts.includes(feature))
      .map((feature): Target => ({ kind: 'made-text', features: [feature], ...text() })),
  ];
}

function roleOf([first, ...more]: readonly Target[]): number {
  if (first === undefined) return ROLE.ignored;
  if (more.length > 0) return ROLE.several;
  return first.kind === 'number' ? ROLE.number : first.kind === 'text' ? ROLE.category : ROLE.several;
}

function numberOrInfinite(value: Value): number {
  if (value === null || value === '') return Number.NaN;
  const number = numberOf(value);
  return Number.isNaN(number) ? Number.POSITIVE_INFINITY : number;
}

function placeOr({ tables }: RowStore, slot: number, text: string | undefined): number {
  const table = tables[slot];
  return table === undefined || text === undefined ? -1 : placeOfText(table, text);
}

function forget({ numbers, places }: RowStore, from: number, to: number): void {
  for (let base = 0; base < numbers.length; base += STRIDE) numbers.fill(Number.NaN, base + from, base + to);
  for (let base = 0; base < places.length; base += STRIDE) places.fill(-1, base + from, base + to);
}
