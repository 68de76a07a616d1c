import { type CaptureRecord, CaptureRecordSchema } from '../../contracts/capture.ts';
import type { Instance } from '../../contracts/serving.ts';
import { readBody } from './body.ts';
import { type Rows, readInstances } from './instances.ts';
import { type CapturedPrediction, readPredictions } from './predictions.ts';

/** One captured request: as many rows as the request had. */
export interface CapturedRequest {
  readonly kind: 'request';
  readonly eventId: string;
  /** The caller's, when one was sent. */
  readonly inferenceId: string | undefined;
  /** ISO instant, one-second resolution. */
  readonly at: string;
  /** A side that was not captured, or could not be read, is null in every row. */
  readonly rows: readonly CapturedRow[];
  /** Why a side that was captured could not be used. */
  readonly problems: readonly string[];
}

export interface CapturedRow {
  readonly instance: Instance | null;
  readonly prediction: CapturedPrediction | null;
}

/** A line that no row could be read from: kept aside with the reason, never fatal. */
export interface BadRecord {
  readonly kind: 'bad';
  readonly reason: string;
  /** The line, cut at 500 characters. */
  readonly line: string;
}

/** Decodes one line of SageMaker Data Capture. `columns` names the values of CSV rows and of arrays, in order. */
export function decodeRecord(line: string, columns: readonly string[]): CapturedRequest | BadRecord {
  const record = parseRecord(line);
  if (typeof record === 'string') return bad(record, line);
  const { endpointInput, endpointOutput } = record.captureData;
  const instances = endpointInput && readInstances(readBody(endpointInput), columns);
  const predictions = endpointOutput && readPredictions(readBody(endpointOutput));
  const { rows, problems } = join(instances, predictions);
  if (rows.length === 0) return bad(problems.join('; ') || 'neither side was captured', line);
  const { eventId, inferenceId, inferenceTime } = record.eventMetadata;
  return { kind: 'request', eventId, inferenceId, at: inferenceTime, rows, problems };
}

function parseRecord(line: string): CaptureRecord | string {
  try {
    const result = CaptureRecordSchema.safeParse(JSON.parse(line));
    if (!result.success)
      return `not a capture record: ${result.error.issues[0]?.path.join('.')} ${result.error.issues[0]?.message}`;
    return Number.isNaN(Date.parse(result.data.eventMetadata.inferenceTime))
      ? 'inferenceTime is no instant'
      : result.data;
  } catch {
    return 'the line is not JSON';
  }
}

/** Rows of both sides side by side. When their numbers differ nobody knows which answer belongs to which row; the input is kept. */
function join(
  instances: Rows<Instance> | undefined,
  predictions: Rows<CapturedPrediction> | undefined,
): { rows: readonly CapturedRow[]; problems: readonly string[] } {
  const problems = [
    ...(instances?.kind === 'unreadable' ? [`input: ${instances.reason}`] : []),
    ...(predictions?.kind === 'unreadable' ? [`output: ${predictions.reason}`] : []),
  ];
  const asked = instances?.kind === 'rows' ? instances.rows : [];
  const answered = predictions?.kind === 'rows' ? predictions.rows : [];
  if (asked.length > 0 && answered.length > 0 && asked.length !== answered.length)
    return {
      rows: asked.map((instance) => ({ instance, prediction: null })),
      problems: [`output: has ${answered.length} rows, the input ${asked.length}`],
    };
  const rows = Array.from({ length: Math.max(asked.length, answered.length) }, (_, index) => ({
    instance: asked[index] ?? null,
    prediction: answered[index] ?? null,
  }));
  return { rows, problems };
}

const bad = (reason: string, line: string): BadRecord => ({ kind: 'bad', reason, line: line.slice(0, 500) });
