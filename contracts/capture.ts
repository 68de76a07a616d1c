import { z } from 'zod';

const SideSchema = z.object({
  /** Absent in records that a merge job wrote for batch transform. */
  observedContentType: z.string().optional(),
  mode: z.enum(['INPUT', 'OUTPUT']).optional(),
  /** The raw body; JSON bodies are text here and must be parsed again. */
  data: z.string(),
  encoding: z.enum(['CSV', 'JSON', 'BASE64']),
});

/**
 * One line of SageMaker Data Capture: one invocation, however many rows its body holds. Either side may be absent. A merge job adds the
 * labels, and writes batch transform's lines in the same form.
 */
export const CaptureRecordSchema = z.object({
  captureData: z.object({
    endpointInput: SideSchema.optional(),
    endpointOutput: SideSchema.optional(),
    /** Answers of batch transform, beside the input where the two were joined. */
    batchTransformOutput: SideSchema.optional(),
  }),
  /** Labels of the rows, in their order. */
  groundTruthData: SideSchema.optional(),
  eventMetadata: z.object({
    eventId: z.string(),
    /** The caller's, only when one was sent. */
    inferenceId: z.string().optional(),
    /** UTC, one-second resolution. Absent in merged lines of batch transform. */
    inferenceTime: z.string().optional(),
  }),
  eventVersion: z.string(),
});
export type CaptureRecord = z.infer<typeof CaptureRecordSchema>;

/** One line of a batch transform's JSON Lines output, when inference ids were asked for; the input stands beside these keys. */
export const TransformLineSchema = z.looseObject({
  SageMakerInferenceId: z.string(),
  SageMakerInferenceTime: z.string(),
  SageMakerOutput: z.unknown(),
});

/** Inference ids of deployments' smoke tests begin with this; monitoring leaves them out, for they are no traffic. */
export const SMOKE_TEST_PREFIX = 'smoke-';
