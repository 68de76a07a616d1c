import { TransformLineSchema } from '../../contracts/capture.ts';
import type { Instance } from '../../contracts/serving.ts';
import type { Body } from './body.ts';
import { csvRows } from './csv-rows.ts';
import { isObject, type Rows, readInstances } from './instances.ts';
import { type CapturedPrediction, readPredictions } from './predictions.ts';

/** What one line of batch transform holds; the input is undefined where it was not joined to the output. */
export interface TransformRows {
  readonly instances: Rows<Instance> | undefined;
  readonly predictions: Rows<CapturedPrediction>;
}

/** Such a line with the id and time that batch transform adds. */
export interface TransformLine extends TransformRows {
  readonly inferenceId: string;
  readonly at: string;
}

const OWN_KEYS: ReadonlySet<string> = new Set(Object.keys(TransformLineSchema.shape));
/** How a line of CSV output ends: `,<id>,<instant>`. */
const CSV_ENDING = /,[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12},[^,"]{10,40}$/i;
const LONGEST_ENDING = 80;

/** A line of JSON Lines output with inference ids, or undefined when the document is none. */
export function transformLine(document: unknown, columns: readonly string[]): TransformLine | undefined {
  const line = TransformLineSchema.safeParse(document);
  if (!line.success) return undefined;
  const { SageMakerInferenceId: inferenceId, SageMakerInferenceTime: at } = line.data;
  return { inferenceId, at, ...transformRows(document, columns) };
}

/** Input and output of one document of batch transform: the answer below `SageMakerOutput`, the row in the other keys. */
export function transformRows(document: unknown, columns: readonly string[]): TransformRows {
  if (!isObject(document) || document.SageMakerOutput === undefined)
    return { instances: undefined, predictions: readPredictions(json(document)) };
  const row = Object.fromEntries(Object.entries(document).filter(([key]) => !OWN_KEYS.has(key)));
  const joined = Object.keys(row).length > 0;
  return {
    instances: joined ? readInstances(json(row), columns) : undefined,
    predictions: readPredictions(json(document.SageMakerOutput)),
  };
}

/**
 * A line of CSV output with inference ids: `score,id,time`, or the row before the score where the input was joined. Undefined when the
 * line does not end in an id and an instant.
 */
export function transformCsvLine(line: string, columns: readonly string[]): TransformLine | undefined {
  if (!CSV_ENDING.test(line.slice(-LONGEST_ENDING))) return undefined;
  const [fields = [], ...more] = csvRows(line);
  const [inferenceId = '', at = ''] = fields.slice(-2);
  if (more.length > 0 || Number.isNaN(Date.parse(at))) return undefined;
  const values = fields.slice(0, -2);
  const [row, answer] = [values.slice(0, columns.length), values.slice(columns.length)];
  const joined = answer.length > 0;
  return {
    inferenceId,
    at,
    instances: joined ? readInstances({ kind: 'csv', rows: [row] }, columns) : undefined,
    predictions: readPredictions({ kind: 'csv', rows: [joined ? answer : values] }),
  };
}

const json = (document: unknown): Body => ({ kind: 'json', documents: [document] });
