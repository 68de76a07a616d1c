import { createHash } from 'node:crypto';
import { z } from 'zod';
import { QueuedUploadSchema } from '../../contracts/functions.ts';
import { isLabelsKey, modelOfInboxKey } from '../../contracts/keys.ts';
import type { IntakeInput, MonitoringInput } from '../../contracts/machines.ts';

/** What an attempt to start an execution ended in. */
export type Started = 'started' | 'exists' | 'no-machine';

/** An execution to start: intake of data, or monitoring for labels. */
export type UploadStart =
  | { readonly kind: 'intake'; readonly input: IntakeInput }
  | { readonly kind: 'monitoring'; readonly input: MonitoringInput };

/** Starts a machine of a model. */
export type StartMachine = (model: string, executionName: string, start: UploadStart) => Promise<Started>;

const BatchSchema = z.object({ Records: z.array(z.object({ messageId: z.string(), body: z.string() })) });

/** Messages that must come again, in the form SQS wants. */
export interface BatchResponse {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}

/**
 * Starts one execution per uploaded object version: intake for data, monitoring for labels. Only what may go better next time is given back to the queue; what can never
 * be started is told to `note` and dropped, so that it does not block the uploads behind it.
 */
export async function startUploads(
  event: unknown,
  start: StartMachine,
  note: (problem: string, about: string) => void,
): Promise<BatchResponse> {
  const { Records } = BatchSchema.parse(event);
  const outcomes = await Promise.allSettled(Records.map(({ body }) => startUpload(body, start, note)));
  const batchItemFailures = outcomes.flatMap((outcome, index) => {
    const messageId = Records[index]?.messageId;
    if (outcome.status === 'fulfilled' || messageId === undefined) return [];
    note(`could not be started and will be tried again: ${String(outcome.reason)}`, messageId);
    return [{ itemIdentifier: messageId }];
  });
  return { batchItemFailures };
}

async function startUpload(body: string, start: StartMachine, note: (problem: string, about: string) => void) {
  const event = QueuedUploadSchema.safeParse(parsedJson(body));
  if (!event.success) {
    note('is not an object event', body.slice(0, 500));
    return;
  }
  const { bucket, object } = event.data.detail;
  // The console makes an empty object for a folder; it is no upload.
  if (object.key.endsWith('/')) return;
  const model = modelOfInboxKey(object.key);
  if (model === undefined) {
    note('is not below inbox/<model>/, so no model takes it', object.key);
    return;
  }
  const upload: IntakeInput = {
    bucket: bucket.name,
    key: object.key,
    versionId: object['version-id'],
    size: object.size,
    etag: object.etag,
    uploadedAt: event.data.time,
  };
  const started = await start(model, executionName(upload), startOf(model, upload));
  if (started === 'no-machine') note(`names a model (${model}) that this platform does not run`, object.key);
}

/** What lies below `inbox/<model>/labels/` is labels of predictions, everything else is data. */
function startOf(model: string, upload: IntakeInput): UploadStart {
  if (!isLabelsKey(model, upload.key)) return { kind: 'intake', input: upload };
  const { bucket, key, versionId, uploadedAt } = upload;
  return { kind: 'monitoring', input: { labels: { bucket, key, versionId, uploadedAt } } };
}

/** The same object version always gives the same name, so that an event that comes twice starts one execution. */
export function executionName({ bucket, key, versionId }: Pick<IntakeInput, 'bucket' | 'key' | 'versionId'>): string {
  return createHash('sha256')
    .update(JSON.stringify([bucket, key, versionId]))
    .digest('hex');
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
