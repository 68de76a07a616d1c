import { type CaptureRecord, CaptureRecordSchema } from '../../contracts/capture.ts';
import type { Instance } from '../../contracts/serving.ts';
import { readBody } from './body.ts';
import { type Rows, readInstances } from './instances.ts';
import { readLabels } from './labels.ts';
import { type CapturedPrediction, readPredictions } from './predictions.ts';
import { type TransformRows, transformCsvLine, transformLine, transformRows } from './transform-line.ts';

/** One captured request: as many rows as the request had. */
export interface CapturedRequest {
  readonly kind: 'request';
  readonly eventId: string;
  /** The caller's, when one was sent; batch transform's own. */
  readonly inferenceId: string | undefined;
  /** ISO instant, one-second resolution; empty in merged lines of batch transform, which have none. */
  readonly at: string;
  /** A side that was not captured, or could not be read, is null in every row. */
  readonly rows: readonly CapturedRow[];
  /** Why a side that was captured could not be used. */
  readonly problems: readonly string[];
}

export interface CapturedRow {
  readonly instance: Instance | null;
  readonly prediction: CapturedPrediction | null;
  /** The truth, in records that were merged with it. */
  readonly label: number | null;
}

/** A line that no row could be read from: kept aside with the reason, never fatal. */
export interface BadRecord {
  readonly kind: 'bad';
  readonly reason: string;
  /** The line, cut at 500 characters. */
  readonly line: string;
}

/** What one line holds; a side that is undefined was not captured. */
interface Sides {
  readonly instances: Rows<Instance> | undefined;
  readonly predictions: Rows<CapturedPrediction> | undefined;
  readonly labels: Rows<number> | undefined;
}

type Named = Pick<CapturedRequest, 'eventId' | 'inferenceId' | 'at'>;

/**
 * Decodes one line of SageMaker Data Capture, of a merge job's output, or of a batch transform's output with inference ids. `columns`
 * names the values of CSV rows and of arrays, in order. Never throws.
 */
export function decodeRecord(line: string, columns: readonly string[]): CapturedRequest | BadRecord {
  const read = readLine(line, columns);
  if (typeof read === 'string') return bad(read, line);
  const { rows, problems } = join(read.sides);
  if (rows.length === 0) return bad(problems.join('; ') || 'neither side was captured', line);
  return { kind: 'request', ...read.named, rows, problems };
}

/** The line's sides and names, or why it has none. */
function readLine(line: string, columns: readonly string[]): { named: Named; sides: Sides } | string {
  const document = parsed(line);
  const transformed = document === undefined ? transformCsvLine(line, columns) : transformLine(document, columns);
  if (transformed !== undefined) {
    const { inferenceId, at, ...sides } = transformed;
    const named = { eventId: inferenceId, inferenceId, at };
    return Number.isNaN(Date.parse(at)) ? NO_INSTANT : { named, sides: { ...sides, labels: undefined } };
  }
  if (document === undefined) return 'the line is not JSON';
  const result = CaptureRecordSchema.safeParse(document);
  if (!result.success)
    return `not a capture record: ${result.error.issues[0]?.path.join('.')} ${result.error.issues[0]?.message}`;
  const { eventId, inferenceId, inferenceTime: at } = result.data.eventMetadata;
  const merged = result.data.groundTruthData !== undefined;
  if (at === undefined ? !merged : Number.isNaN(Date.parse(at))) return NO_INSTANT;
  return { named: { eventId, inferenceId, at: at ?? '' }, sides: sidesOf(result.data, columns) };
}

const NO_INSTANT = 'inferenceTime is no instant';

/** The line as JSON; undefined, which is no JSON value, when it is none. */
function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function sidesOf({ captureData, groundTruthData }: CaptureRecord, columns: readonly string[]): Sides {
  const { endpointInput, endpointOutput, batchTransformOutput } = captureData;
  const labels = groundTruthData && readLabels(readBody(groundTruthData));
  if (batchTransformOutput !== undefined) return { ...batchSides(readBody(batchTransformOutput), columns), labels };
  return {
    instances: endpointInput && readInstances(readBody(endpointInput), columns),
    predictions: endpointOutput && readPredictions(readBody(endpointOutput)),
    labels,
  };
}

/** Sides of a merged line of batch transform, whose body is one document of its output. */
function batchSides(body: ReturnType<typeof readBody>, columns: readonly string[]): TransformRows {
  const [document, ...more] = body.kind === 'json' ? body.documents : [];
  if (document === undefined || more.length > 0) return { instances: undefined, predictions: readPredictions(body) };
  return transformRows(document, columns);
}

/**
 * Rows of all sides side by side. When their numbers differ nobody knows which answer or label belongs to which row: the input is kept,
 * else the output.
 */
function join({ instances, predictions, labels }: Sides): {
  readonly rows: readonly CapturedRow[];
  readonly problems: readonly string[];
} {
  const asked = rowsOf(instances);
  const answered = rowsOf(predictions);
  const known = rowsOf(labels);
  const count = asked.length > 0 ? asked.length : answered.length;
  const fits = (rows: readonly unknown[]) => rows.length === 0 || rows.length === count;
  const problems = [
    ...whyNot('input', instances),
    ...whyNot('output', predictions),
    ...whyNot('labels', labels),
    ...(fits(answered) ? [] : [`output: has ${answered.length} rows, the input ${count}`]),
    ...(fits(known) ? [] : [`labels: are ${known.length}, the rows ${count}`]),
  ];
  const rows = Array.from({ length: count }, (_, index) => ({
    instance: asked[index] ?? null,
    prediction: fits(answered) ? (answered[index] ?? null) : null,
    label: fits(known) ? (known[index] ?? null) : null,
  }));
  return { rows, problems };
}

function rowsOf<T>(side: Rows<T> | undefined): readonly T[] {
  return side?.kind === 'rows' ? side.rows : [];
}

function whyNot(name: string, side: Rows<unknown> | undefined): readonly string[] {
  return side?.kind === 'unreadable' ? [`${name}: ${side.reason}`] : [];
}

const bad = (reason: string, line: string): BadRecord => ({ kind: 'bad', reason, line: line.slice(0, 500) });
