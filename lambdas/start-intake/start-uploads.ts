import { z } from 'zod';
import { QueuedUploadSchema } from '../../contracts/functions.ts';
import { type Note, type StartMachine, startUpload } from '../aws/upload-starts.ts';

const BatchSchema = z.object({ Records: z.array(z.object({ messageId: z.string(), body: z.string() })) });

/** Messages that must come again, in the form SQS wants. */
export interface BatchResponse {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}

/**
 * Starts one execution per uploaded object version: intake for data, monitoring for labels. Only what may go better next time is
 * given back to the queue; what can never be started is told to `note` and dropped, so that it does not block the uploads behind it.
 */
export async function startUploads(event: unknown, start: StartMachine, note: Note): Promise<BatchResponse> {
  const { Records } = BatchSchema.parse(event);
  const outcomes = await Promise.allSettled(Records.map(({ body }) => startQueued(body, start, note)));
  const batchItemFailures = outcomes.flatMap((outcome, index) => {
    const messageId = Records[index]?.messageId;
    if (outcome.status === 'fulfilled' || messageId === undefined) return [];
    note(`could not be started and will be tried again: ${String(outcome.reason)}`, messageId);
    return [{ itemIdentifier: messageId }];
  });
  return { batchItemFailures };
}

async function startQueued(body: string, start: StartMachine, note: Note): Promise<void> {
  const event = QueuedUploadSchema.safeParse(parsedJson(body));
  if (!event.success) {
    note('is not an object event', body.slice(0, 500));
    return;
  }
  const { bucket, object } = event.data.detail;
  const { key, size, etag, 'version-id': versionId } = object;
  await startUpload({ bucket: bucket.name, key, versionId, size, etag, uploadedAt: event.data.time }, start, note);
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
