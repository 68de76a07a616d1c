import { join } from 'node:path';
import type { DataSchema } from '../../contracts/data-schema.ts';
import type { ColumnBuffer } from './column-buffer.ts';
import type { ClassCounts } from './content-rules.ts';
import { storedType } from './normalise/column.ts';
import { addColumn, beginHashes, type Lanes, lanes } from './repeats/key-hash.ts';
import { type RepeatedKeys, repeatedKeys } from './repeats/repeated-keys.ts';

/** What is known of all accepted rows once they were written, without reading them again. Places count accepted rows from 0. */
export interface WholeFileFacts {
  /** By unique column: the places whose value may have come more than once; null when they are too many to tell. */
  readonly repeatedValues: ReadonlyMap<string, readonly number[] | null>;
  /** The places of rows that may equal another in every column; null when they are too many to tell, or were not looked for. */
  readonly repeatedRows: readonly number[] | null;
  /** Earliest and latest instant of the time column, in microseconds since 1970; undefined when it has none. */
  readonly time?: readonly [earliest: bigint, latest: bigint];
  /** Rows of both classes of the target; undefined when it is neither boolean nor a number. */
  readonly classes?: ClassCounts;
}

/** Microseconds since 1970 as an ISO instant, with as many digits of a second as it has. */
export function isoOfMicroseconds(microseconds: bigint): string {
  const fraction = ((microseconds % 1_000_000n) + 1_000_000n) % 1_000_000n;
  const seconds = new Date(Number((microseconds - fraction) / 1000n)).toISOString().slice(0, 19);
  return `${seconds}${fraction === 0n ? '' : `.${String(fraction).padStart(6, '0').replace(/0+$/, '')}`}Z`;
}

/** Takes the facts of row groups as they are written. */
export interface FactsGatherer {
  take(columns: readonly ColumnBuffer[], rows: number): void;
  finish(): WholeFileFacts;
  /** Stops: the facts are not asked for. */
  abandon(): void;
}

/** A gatherer of the facts that a schema asks for; what it cannot hold in memory is written below `folder`. */
export function wholeFileFacts(schema: DataSchema, folder: string): FactsGatherer {
  const unique = schema.columns.flatMap((column, index) => (column.unique === true ? [{ column, index }] : []));
  const keys = unique.map(({ index }) => repeatedKeys(join(folder, `keys-${index}`)));
  // Rows that are equal in every column are equal in a unique one.
  const wholeRows = unique.some(({ column }) => column.nullable !== true)
    ? undefined
    : repeatedKeys(join(folder, 'keys-rows'));
  const span = timeSpan(schema.columns.findIndex(({ name }) => name === schema.time));
  const classes = classCount(schema);
  let hashes = lanes(0);
  let place = 0;
  return {
    take: (columns, rows) => {
      if (hashes.low.length < rows) hashes = lanes(rows);
      for (const [position, { index }] of unique.entries()) {
        const column = columns[index];
        const search = keys[position];
        if (column === undefined || search === undefined) continue;
        beginHashes(hashes, rows);
        addColumn(column, hashes, rows);
        addKeys(search, hashes, place, rows, column.present);
      }
      if (wholeRows !== undefined) {
        beginHashes(hashes, rows);
        for (const column of columns) addColumn(column, hashes, rows);
        addKeys(wholeRows, hashes, place, rows, undefined);
      }
      span.take(columns, rows);
      classes?.take(columns, rows);
      place += rows;
    },
    abandon: () => {
      for (const search of [...keys, wholeRows]) search?.abandon();
    },
    finish: () => {
      const time = span.finish();
      return {
        repeatedValues: new Map(unique.map(({ column }, position) => [column.name, keys[position]?.finish() ?? null])),
        repeatedRows: wholeRows?.finish() ?? null,
        ...(time === undefined ? {} : { time }),
        ...(classes === undefined ? {} : { classes: classes.counts }),
      };
    },
  };
}

function addKeys(
  search: RepeatedKeys,
  { low, high }: Lanes,
  place: number,
  rows: number,
  present: Uint8Array | undefined,
): void {
  for (let row = 0; row < rows; row++)
    if (present === undefined || present[row] === 1) search.add(low[row] ?? 0, high[row] ?? 0, place + row);
}

function timeSpan(index: number) {
  // As halves of 64 bits, as a double is exact only until the year 2255.
  let [leastHigh, leastLow, mostHigh, mostLow] = [0x7fffffff, 0xffffffff, -0x80000000, 0];
  let any = false;
  const whole = (high: number, low: number) => BigInt(high) * 4294967296n + BigInt(low);
  return {
    take: (columns: readonly ColumnBuffer[], rows: number): void => {
      const column = columns[index];
      if (column === undefined) return;
      const { present, halves } = column;
      for (let row = 0; row < rows; row++) {
        if (present[row] !== 1) continue;
        any = true;
        const [low, high] = [(halves[2 * row] ?? 0) >>> 0, halves[2 * row + 1] ?? 0];
        if (high < leastHigh || (high === leastHigh && low < leastLow)) [leastHigh, leastLow] = [high, low];
        if (high > mostHigh || (high === mostHigh && low > mostLow)) [mostHigh, mostLow] = [high, low];
      }
    },
    finish: (): readonly [bigint, bigint] | undefined =>
      any ? [whole(leastHigh, leastLow), whole(mostHigh, mostLow)] : undefined,
  };
}

function classCount(schema: DataSchema) {
  const index = schema.columns.findIndex(({ name }) => name === schema.target);
  const target = schema.columns[index];
  if (target === undefined || (target.kind !== 'boolean' && target.kind !== 'numeric')) return undefined;
  const type = storedType(target);
  const counts = { no: 0, yes: 0 };
  return {
    counts,
    take: (columns: readonly ColumnBuffer[], rows: number): void => {
      const column = columns[index];
      if (column === undefined) return;
      for (let row = 0; row < rows; row++) {
        if (column.present[row] !== 1) continue;
        const yes =
          type === 'BOOLEAN'
            ? column.truth(row)
            : type === 'DOUBLE'
              ? column.doubles[row] === 1
              : column.halves[2 * row] === 1;
        if (yes) counts.yes++;
        else counts.no++;
      }
    },
  };
}
