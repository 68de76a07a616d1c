import type { CapturedBatch } from './captured-batch.ts';
import { type Source, sourceOf } from './text-scanner.ts';

const FIRST_ROOM = 1024;
const FIRST_ID_BYTES = 1 << 15;

type Shap = ReturnType<CapturedBatch['shapOf']>;

/** What is known of rows beside what they asked: when, in which request, and what was answered. */
export interface RowFacts {
  rows: number;
  scores: Float64Array;
  at: Float64Array;
  places: Uint32Array;
  labels: Float64Array;
  /** Contributions by row; rows that were not explained have none. */
  readonly shap: Map<number, Shap>;
  /** Inference ids one after the other, and where each row's begins and ends there; −1 where it has none. */
  ids: Source;
  idBytes: number;
  idFrom: Int32Array;
  idTo: Int32Array;
}

/** No rows. */
export function rowFacts(): RowFacts {
  return {
    rows: 0,
    scores: new Float64Array(FIRST_ROOM),
    at: new Float64Array(FIRST_ROOM),
    places: new Uint32Array(FIRST_ROOM),
    labels: new Float64Array(FIRST_ROOM),
    shap: new Map(),
    ids: sourceOf(Buffer.alloc(FIRST_ID_BYTES)),
    idBytes: 0,
    idFrom: new Int32Array(FIRST_ROOM),
    idTo: new Int32Array(FIRST_ROOM),
  };
}

/** Forgets all rows. */
export function clearFacts(facts: RowFacts): void {
  facts.rows = 0;
  facts.idBytes = 0;
  if (facts.shap.size > 0) facts.shap.clear();
}

/** Keeps the inference id that lies there for rows that follow; gives where it begins, −1 for a negative `from`. */
export function keepId(facts: RowFacts, { bytes, view }: Source, from: number, to: number): number {
  if (from < 0) return -1;
  const start = facts.idBytes;
  const end = start + to - from;
  if (end + 4 > facts.ids.bytes.length) {
    const larger = Buffer.alloc(2 * end + 4);
    larger.set(facts.ids.bytes);
    facts.ids = sourceOf(larger);
  }
  const { ids } = facts;
  let i = 0;
  for (; from + i + 4 <= to; i += 4) ids.view.setInt32(start + i, view.getInt32(from + i));
  for (; from + i < to; i++) ids.bytes[start + i] = bytes[from + i] ?? 0;
  facts.idBytes = end;
  return start;
}

/** Adds a row. @param id what `keepId` gave last */
export function addFact(facts: RowFacts, id: number, at: number, place: number, score: number, label: number): void {
  const row = facts.rows;
  if (row === facts.scores.length) grow(facts);
  facts.scores[row] = score;
  facts.at[row] = at;
  facts.places[row] = place;
  facts.labels[row] = label;
  facts.idFrom[row] = id;
  facts.idTo[row] = facts.idBytes;
  facts.rows = row + 1;
}

/** The rows as a part of a batch. */
export function factsOf(
  facts: RowFacts,
): Pick<CapturedBatch, 'rows' | 'scores' | 'at' | 'places' | 'labels' | 'idOf' | 'shapOf'> {
  const { rows, ids, idFrom, idTo, shap } = facts;
  return {
    rows,
    scores: facts.scores.subarray(0, rows),
    at: facts.at.subarray(0, rows),
    places: facts.places.subarray(0, rows),
    labels: facts.labels.subarray(0, rows),
    idOf: (row) => {
      const from = idFrom[row] ?? -1;
      return from < 0 ? undefined : ids.bytes.toString('utf8', from, idTo[row]);
    },
    shapOf: (row) => shap.get(row) ?? null,
  };
}

function grow(facts: RowFacts): void {
  const wider = <T extends Float64Array | Int32Array | Uint32Array>(into: T, held: T): T => {
    into.set(held);
    return into;
  };
  const room = 2 * facts.rows;
  facts.scores = wider(new Float64Array(room), facts.scores);
  facts.at = wider(new Float64Array(room), facts.at);
  facts.places = wider(new Uint32Array(room), facts.places);
  facts.labels = wider(new Float64Array(room), facts.labels);
  facts.idFrom = wider(new Int32Array(room), facts.idFrom);
  facts.idTo = wider(new Int32Array(room), facts.idTo);
}
