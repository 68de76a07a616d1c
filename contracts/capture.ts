import { z } from 'zod';

const SideSchema = z.object({
  observedContentType: z.string(),
  mode: z.enum(['INPUT', 'OUTPUT']),
  /** The raw body; JSON bodies are text here and must be parsed again. */
  data: z.string(),
  encoding: z.enum(['CSV', 'JSON', 'BASE64']),
});

/** One line of SageMaker Data Capture: one invocation, however many rows its body holds. Either side may be absent. */
export const CaptureRecordSchema = z.object({
  captureData: z.object({ endpointInput: SideSchema.optional(), endpointOutput: SideSchema.optional() }),
  eventMetadata: z.object({
    eventId: z.string(),
    /** The caller's, only when one was sent. */
    inferenceId: z.string().optional(),
    /** UTC, one-second resolution. */
    inferenceTime: z.string(),
  }),
  eventVersion: z.string(),
});
export type CaptureRecord = z.infer<typeof CaptureRecordSchema>;

/** Inference ids of deployments' smoke tests begin with this; monitoring leaves them out, for they are no traffic. */
export const SMOKE_TEST_PREFIX = 'smoke-';
