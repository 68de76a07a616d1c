import type { ColumnFeature } from '../../profile/watched.ts';
import { type BadRecord, type CapturedRequest, type CapturedRow, decodeRecord } from '../decode-record.ts';
import type { CapturedBatch } from './captured-batch.ts';
import { lineSplitter } from './line-splitter.ts';
import { type RequestNames, recordScanner, type ScannedRequest } from './record-scanner.ts';
import { addFact, keepId } from './row-facts.ts';
import { type Alike, type RowGroup, rowGroups } from './row-groups.ts';
import { beginRow, keepRows, moveRows, type RowStore, setValue, takeBack } from './row-store.ts';
import { type Source, sourceOf } from './text-scanner.ts';

export type { RequestNames } from './record-scanner.ts';

/** Whoever takes what was captured. */
export interface CaptureTaker {
  /** Whether a request counts, asked before its body is read. Left out: all do. */
  readonly counts?: (request: RequestNames) => boolean;
  /** Takes rows of requests that count: all of them, once `end` was called. Rows that are alike come in the order of their lines. */
  readonly take: (batch: CapturedBatch) => void;
  /** Takes a line that no row could be read from. */
  readonly bad: (record: BadRecord) => void;
}

/** How many requests a stream of capture lines held. */
export interface CaptureTotals {
  /** Requests that count. */
  readonly requests: number;
  readonly rows: number;
  /** Requests read without the general decoder. */
  readonly fast: number;
  /** Requests of which one side could not be used. */
  readonly partial: number;
  readonly bad: number;
}

/** Capture lines being read, as bytes that may end anywhere. */
export interface CaptureReader {
  readonly add: (chunk: Uint8Array) => void;
  /** Ends the stream; the last line needs no newline. */
  readonly end: () => CaptureTotals;
}

/**
 * Reads captured requests into batches of columns: the rows that `decodeRecord` gives, as the features see them. Lines of the form that
 * SageMaker writes are read from their bytes, without a string or an object per value; every other line goes through `decodeRecord`.
 * @param columns names the values of CSV rows and of arrays, in order
 * @param features read from rows; names must differ
 */
export function captureReader(
  columns: readonly string[],
  features: readonly ColumnFeature[],
  { counts, take, bad }: CaptureTaker,
): CaptureReader {
  const names = withWatched(
    columns,
    features.map(({ column }) => column),
  );
  const groups = rowGroups(names, features, take);
  const scan = recordScanner(columns, names, counts);
  const totals = { requests: 0, rows: 0, fast: 0, partial: 0, bad: 0 };
  let current = groups.groupOf({ asked: true, answered: true, modelPackage: null });

  const addScanned = (source: Source, request: ScannedRequest) => {
    if (isMixed(request)) {
      takeBack(current.store);
      return false;
    }
    if (!isOf(current, request)) {
      const other = groups.groupOf(alikeOf(request));
      if (!moveRows(current.store, other.store)) {
        groups.handOn(other);
        moveRows(current.store, other.store);
      }
      current = other;
    }
    const { facts, store } = current;
    const id = keepId(facts, source, request.idFrom, request.idTo);
    for (let place = 0; place < request.rows; place++) {
      const prediction = request.predictions[place];
      if (prediction?.shap) facts.shap.set(facts.rows, prediction.shap);
      addFact(facts, id, request.at, place, prediction?.score ?? request.score, Number.NaN);
    }
    totals.requests += 1;
    totals.rows += request.rows;
    totals.fast += 1;
    totals.partial += request.partial ? 1 : 0;
    if (keepRows(store)) groups.handOn(current);
    return true;
  };
  const addDecoded = (request: CapturedRequest) => {
    totals.requests += 1;
    totals.rows += request.rows.length;
    totals.partial += request.problems.length > 0 ? 1 : 0;
    const id = sourceOf(Buffer.from(request.inferenceId ?? ''));
    for (const [place, row] of request.rows.entries()) {
      const group = groups.groupOf(alikeRow(row));
      if (!beginRow(group.store)) {
        groups.handOn(group);
        beginRow(group.store);
      }
      setInstance(row.instance, names, group.store);
      const from = keepId(group.facts, id, request.inferenceId === undefined ? -1 : 0, id.bytes.length);
      const { score = Number.NaN, shap = null } = row.prediction ?? {};
      if (shap !== null) group.facts.shap.set(group.facts.rows, shap);
      addFact(group.facts, from, Date.parse(request.at), place, score, row.label ?? Number.NaN);
      if (keepRows(group.store)) groups.handOn(group);
    }
    // It may have been handed on and let go.
    current = groups.groupOf(current);
  };
  const addLine = (source: Source, from: number, to: number) => {
    const scanned = scan(source, from, to, current.store);
    if (scanned === 'left-out' || (scanned !== undefined && addScanned(source, scanned))) return;
    const line = source.bytes.toString('utf8', from, to);
    if (line.trim() === '') return;
    const decoded = decodeRecord(line, columns);
    if (decoded.kind === 'request') {
      if (counts?.({ inferenceId: decoded.inferenceId, at: Date.parse(decoded.at) }) !== false) addDecoded(decoded);
      return;
    }
    totals.bad += 1;
    bad(decoded);
  };
  const splitter = lineSplitter(addLine);
  return {
    add: splitter.add,
    end: () => {
      splitter.end();
      groups.end();
      return totals;
    },
  };
}

/** Columns in the order of CSV, then watched ones that it lacks. */
function withWatched(columns: readonly string[], watched: readonly string[]): readonly string[] {
  return [...columns, ...new Set(watched.filter((column) => !columns.includes(column)))];
}

function setInstance(instance: CapturedRow['instance'], names: readonly string[], into: RowStore): void {
  if (instance === null) return;
  names.forEach((name, column) => {
    const value = Object.hasOwn(instance, name) ? instance[name] : undefined;
    if (value !== undefined) setValue(into, column, value);
  });
}

/** Whether the rows of a request, which were asked, belong to a group. */
function isOf({ asked, answered, modelPackage }: RowGroup, { score, predictions }: ScannedRequest): boolean {
  if (!asked) return false;
  const [first] = predictions;
  return first === undefined
    ? modelPackage === null && answered === !Number.isNaN(score)
    : answered && modelPackage === first.modelPackage;
}

function alikeOf({ score, predictions: [first] }: ScannedRequest): Alike {
  return {
    asked: true,
    answered: first !== undefined || !Number.isNaN(score),
    modelPackage: first?.modelPackage ?? null,
  };
}

/** Whether several packages answered a request, as only a body of several documents can tell. */
function isMixed({ predictions }: ScannedRequest): boolean {
  for (const { modelPackage } of predictions) if (modelPackage !== predictions[0]?.modelPackage) return true;
  return false;
}

function alikeRow({ instance, prediction }: CapturedRow): Alike {
  return {
    asked: instance !== null,
    answered: prediction !== null,
    modelPackage: prediction?.modelPackage ?? null,
  };
}
