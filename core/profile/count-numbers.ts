import type { FeatureProfile, Pairs, Profile } from '../../contracts/profile.ts';
import { BATCH } from './bin-table.ts';
import { type NumericBlocks, numericBlocks, type PairsBlocks, pairsBlocks } from './block-counts.ts';
import { MAX_PAIRED_IN_BLOCKS } from './blocks.ts';
import { type Division, writePlaces } from './divisions.ts';
import { numericCounter } from './numeric.ts';
import { pairsCounter } from './pairs.ts';
import { numberSql, type Table } from './table.ts';
import type { ColumnFeature } from './watched.ts';

/** What one pass over a table's numbers counted. */
export interface CountedNumbers {
  readonly rows: number;
  readonly features: ReadonlyMap<string, FeatureProfile>;
  readonly pairs: Pairs | undefined;
  /** The same for the blocks of each division. */
  readonly divided: readonly DividedNumbers[];
}

/** Numeric features counted over the blocks of one division. */
export interface DividedNumbers {
  readonly features: ReadonlyMap<string, NumericBlocks>;
  readonly pairs: PairsBlocks | undefined;
}

interface Dividing extends DividedNumbers {
  readonly division: Division;
  /** Places of the rows at hand. */
  readonly places: Int32Array;
}

/** Counts the numeric features of a table in one pass, over bins that are fixed, and over blocks of time where there are divisions. */
export async function countNumbers(
  bins: Profile,
  watched: readonly ColumnFeature[],
  table: Table,
  divisions: readonly Division[] = [],
): Promise<CountedNumbers> {
  const divided = divisions.map((division) => dividing(bins, division));
  const counted = watched.flatMap((feature) => {
    const whole = bins.features[feature.name];
    if (whole?.kind !== 'numeric') return [];
    const counter = numericCounter(whole, (start, values, binOf) => {
      for (const { features, places } of divided)
        features.get(feature.name)?.add(values, binOf, places.subarray(start));
    });
    return [{ feature, counter }];
  });
  const names = counted.map(({ feature }) => feature.name);
  const pairs = pairsOver(bins.pairs, names, divided);
  let rows = 0;
  for await (const columns of numbersOf(
    table,
    counted.map(({ feature }) => feature),
    divisions[0]?.time,
  )) {
    rows += columns[0]?.length ?? 0;
    for (const { division, places } of divided) writePlaces(division, columns[counted.length] ?? NO_TIMES, places);
    for (const [index, { counter }] of counted.entries()) counter.add(columns[index] ?? NO_TIMES);
    pairs?.counter.add(pairs.from.flatMap((index) => columns[index] ?? []));
  }
  return {
    rows,
    features: new Map(counted.map(({ feature, counter }) => [feature.name, counter.profile()])),
    pairs: pairs?.counter.profile(),
    divided,
  };
}

const NO_TIMES = new Float64Array();

function dividing(bins: Profile, division: Division): Dividing {
  const blocks = division.places.size;
  const features = Object.entries(bins.features).flatMap(([name, whole]): [string, NumericBlocks][] =>
    whole.kind === 'numeric' ? [[name, numericBlocks(whole, blocks)]] : [],
  );
  const { pairs } = bins;
  const few = pairs !== undefined && pairs.names.length <= MAX_PAIRED_IN_BLOCKS;
  return {
    division,
    places: new Int32Array(BATCH),
    features: new Map(features),
    pairs: few ? pairsBlocks(pairs, blocks) : undefined,
  };
}

/** The counter of pairs, and from which columns it takes its names; none when one of them is not counted. */
function pairsOver(frame: Pairs | undefined, names: readonly string[], divided: readonly Dividing[]) {
  const from = (frame?.names ?? []).map((name) => names.indexOf(name));
  if (frame === undefined || from.length === 0 || from.includes(-1)) return undefined;
  const counter = pairsCounter(frame, (start, scaled, length) => {
    for (const { pairs, places } of divided) pairs?.add(scaled, length, places.subarray(start));
  });
  return { from, counter };
}

/** Numeric columns, the time as the last where it is asked for; at least one column, so that rows can be counted. */
function numbersOf(table: Table, features: readonly ColumnFeature[], time: string | undefined) {
  const numbers = features.map((feature) => numberSql(table, feature));
  const selected = [...numbers, ...(time === undefined ? [] : [time]), ...(numbers.length === 0 ? ['0::DOUBLE'] : [])];
  return table.duck.numbers(`SELECT ${selected.join(', ')} FROM ${table.from}`);
}
