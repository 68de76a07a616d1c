import { chosenHours } from './blocks.ts';
import { DAY, HOUR } from './instant.ts';
import { type Table, timeSql } from './table.ts';

/** A division of a table's time into blocks: every UTC day, or single hours. */
export interface Division {
  /** Length of a block in milliseconds. */
  readonly length: number;
  /** SQL of a row's time in epoch milliseconds, NaN when it has none. */
  readonly time: string;
  /** The place of each block in their order, by its number since 1970. */
  readonly places: ReadonlyMap<number, number>;
}

/** Division into days and division into chosen hours of the time column's rows. */
export async function divisionsOf(column: string, table: Table): Promise<readonly Division[]> {
  const time = timeSql(table, column);
  const sql = `SELECT DISTINCT floor(${time} / ${HOUR}) FROM ${table.from} WHERE isfinite(${time}) ORDER BY 1`;
  const hours = (await table.duck.rows(sql)).map(([hour]) => Number(hour));
  const days = [...new Set(hours.map((hour) => Math.floor((hour * HOUR) / DAY)))];
  return [
    { length: DAY, time, places: placed(days) },
    { length: HOUR, time, places: placed(chosenHours(hours)) },
  ];
}

/** Writes the place of every row's block; −1 where it belongs to none. Rows of one block mostly follow each other. */
export function writePlaces({ length, places }: Division, times: Float64Array, into: Int32Array): void {
  let [last, place] = [Number.NaN, -1];
  for (let i = 0; i < times.length; i++) {
    const block = Math.floor((times[i] ?? Number.NaN) / length);
    if (block !== last) {
      last = block;
      place = places.get(block) ?? -1;
    }
    into[i] = place;
  }
}

const placed = (blocks: readonly number[]) => new Map(blocks.map((block, place) => [block, place]));
