import { PREDICTION, type Profile } from '../../../contracts/profile.ts';
import { type CategoryCounter, categoryCounter } from '../../profile/category.ts';
import { type NumericCounter, numericCounter } from '../../profile/numeric.ts';
import { pairsCounter } from '../../profile/pairs.ts';
import { watchedOver } from '../../profile/profile-rows.ts';
import { profileInOrder } from '../../profile/profile-table.ts';
import type { WatchedModel } from '../../profile/watched.ts';
import { type BadRecord, type CapturedRequest, decodeRecord } from '../decode-record.ts';
import { type RequestNames, recordScanner, type ScannedAnswer } from './record-scanner.ts';
import { type RowColumns, rowColumns } from './row-columns.ts';

const NEWLINE = 10;

/** How captured requests are chosen. */
export interface CaptureSelection {
  /** Whether a request counts. Left out: all do. */
  readonly counts?: (request: RequestNames) => boolean;
  /** Whether scores of the model package count; null where the answer names none. Left out: all do. */
  readonly scored?: (modelPackage: string | null) => boolean;
}

/** What a stream of capture lines holds. */
export interface ProfiledCapture {
  readonly profile: Profile;
  readonly requests: number;
  readonly rows: number;
  /** Requests read without the general decoder. */
  readonly fast: number;
  /** Requests of which one side could not be used. */
  readonly partial: number;
  readonly bad: number;
  /** The first twenty bad records. */
  readonly badRecords: readonly BadRecord[];
}

/** Capture lines being profiled, as bytes that may end anywhere. */
export interface CaptureProfiler {
  readonly add: (chunk: Uint8Array) => void;
  /** Ends the stream; the last line needs no newline. */
  readonly end: () => ProfiledCapture;
}

const KEPT_BAD_RECORDS = 20;

/**
 * Profiles captured requests over the bins of a baseline: the profile that `profileRows` gives of the rows that `decodeRecord` reads.
 * Lines of the form that SageMaker writes are read from their bytes into columns, without a string or an object per value; every other
 * line goes through `decodeRecord`.
 * @param columns names the values of CSV rows and of arrays, in order
 */
export function captureProfiler(
  baseline: Profile,
  model: WatchedModel,
  columns: readonly string[],
  { counts, scored = () => true }: CaptureSelection = {},
): CaptureProfiler {
  const counters = countersOver(baseline, model);
  const names = withWatched(
    columns,
    counters.watched.map(({ column }) => column),
  );
  const into = rowColumns(names, counters.watched, counters.sink);
  const scan = recordScanner(columns, names, into, counts);
  const tally = { requests: 0, rows: 0, fast: 0, partial: 0, bad: 0 };
  const badRecords: BadRecord[] = [];
  let parts: Uint8Array[] = [];

  const countAnswer = (answer: ScannedAnswer) => {
    tally.partial += answer.partial ? 1 : 0;
    for (const { score, modelPackage } of answer.predictions) if (scored(modelPackage)) counters.addScore(score);
  };
  const addDecoded = (decoded: CapturedRequest) => {
    tally.requests += 1;
    tally.rows += decoded.rows.length;
    const predictions = decoded.rows.flatMap(({ prediction }) => prediction ?? []);
    countAnswer({ partial: decoded.problems.length > 0, predictions });
    for (const { instance } of decoded.rows) if (instance !== null) addInstance(instance, names, into);
  };
  const addLine = (bytes: Buffer, from: number, to: number) => {
    const answer = scan(bytes, from, to);
    if (answer === 'left-out') return;
    if (answer !== undefined) {
      tally.fast += 1;
      tally.requests += 1;
      tally.rows += into.pending();
      into.keep();
      countAnswer(answer);
      return;
    }
    const line = bytes.toString('utf8', from, to);
    if (line.trim() === '') return;
    const decoded = decodeRecord(line, columns);
    if (decoded.kind === 'request') {
      if (counts?.(decoded) !== false) addDecoded(decoded);
      return;
    }
    tally.bad += 1;
    if (badRecords.length < KEPT_BAD_RECORDS) badRecords.push(decoded);
  };
  const addLines = (bytes: Buffer) => {
    let from = 0;
    for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, from)) {
      if (end > from) addLine(bytes, from, end);
      from = end + 1;
    }
    return from;
  };
  return {
    add: (chunk) => {
      let bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
      const first = parts.length === 0 ? 0 : bytes.indexOf(NEWLINE) + 1;
      if (parts.length > 0 && first > 0) {
        addLines(Buffer.concat([...parts, bytes.subarray(0, first)]));
        parts = [];
        bytes = bytes.subarray(first);
      }
      const rest = parts.length === 0 ? bytes.subarray(addLines(bytes)) : bytes;
      // A copy: the caller may use the chunk's memory again.
      if (rest.length > 0) parts.push(Uint8Array.from(rest));
    },
    end: () => {
      const last = Buffer.concat(parts);
      if (last.length > 0) addLine(last, 0, last.length);
      into.end();
      return { ...tally, badRecords, profile: counters.profile() };
    },
  };
}

function addInstance(
  instance: CapturedRequest['rows'][number]['instance'],
  names: readonly string[],
  into: RowColumns,
) {
  into.beginRow();
  names.forEach((name, column) => {
    const value = instance !== null && Object.hasOwn(instance, name) ? instance[name] : undefined;
    if (value !== undefined) into.setValue(column, value);
  });
  into.keep();
}

/** Columns in the order of CSV, then watched ones that it lacks. */
function withWatched(columns: readonly string[], watched: readonly string[]): readonly string[] {
  return [...columns, ...new Set(watched.filter((column) => !columns.includes(column)))];
}

function countersOver(baseline: Profile, model: WatchedModel) {
  const watched = watchedOver(baseline, model);
  const numeric = new Map<string, NumericCounter>();
  const category = new Map<string, CategoryCounter>();
  for (const { name } of watched) {
    const bins = baseline.features[name];
    if (bins?.kind === 'numeric') numeric.set(name, numericCounter(bins));
    if (bins?.kind === 'category') category.set(name, categoryCounter(bins.values));
  }
  const frame = baseline.pairs?.names.every((name) => numeric.has(name)) === true ? baseline.pairs : undefined;
  const pairs = frame && pairsCounter(frame);
  const scores = baseline.features[PREDICTION];
  const scoreCounter = scores?.kind === 'numeric' ? numericCounter(scores) : undefined;
  const score = new Float64Array(1);
  let rows = 0;
  return {
    watched,
    addScore: (value: number) => {
      score[0] = value;
      scoreCounter?.add(score);
    },
    sink: {
      numbers: (columns: ReadonlyMap<string, Float64Array>, count: number) => {
        rows += count;
        for (const [name, values] of columns) numeric.get(name)?.add(values);
        pairs?.add((frame?.names ?? []).flatMap((name) => columns.get(name) ?? []));
      },
      values: (name: string, value: string | undefined, times: number) => category.get(name)?.add(value, times),
    },
    profile: (): Profile => {
      const features = new Map([...numeric, ...category].map(([name, counter]) => [name, counter.profile()] as const));
      const order = watched.map(({ name }) => name);
      const inputs = profileInOrder(rows, order, features, pairs?.profile());
      if (scoreCounter === undefined) return inputs;
      return { ...inputs, features: { ...inputs.features, [PREDICTION]: scoreCounter.profile() } };
    },
  };
}
