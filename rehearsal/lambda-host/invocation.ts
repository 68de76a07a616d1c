import { z } from 'zod';

/** What the emulator sends for one invocation: the function's configuration, and the event. */
export const InvocationSchema = z.object({
  name: z.string(),
  arn: z.string(),
  version: z.string(),
  /** Folder with the unpacked code, named by its hash, so that new code is a new folder. */
  dir: z.string(),
  handler: z.string(),
  role: z.string(),
  /** Seconds. */
  timeout: z.number().positive(),
  /** Megabytes. */
  memory: z.number().positive(),
  /** Megabytes of `/tmp`. Left out: the most Lambda gives. */
  storage: z.number().positive().default(10_240),
  runtime: z.string().default('nodejs24.x'),
  env: z.record(z.string(), z.string()).default({}),
  /** Log group, when the function names one. */
  group: z.string().nullish(),
  /** Unpacked layers, in order. */
  layers: z.array(z.string()).default([]),
  rid: z.string(),
  event: z.unknown(),
});
export type Invocation = z.infer<typeof InvocationSchema>;

/** What goes back to the emulator. */
export interface Outcome {
  readonly body: unknown;
  readonly error: boolean;
  readonly function_error?: 'Unhandled';
  /** Everything the function printed during this invocation. */
  readonly log: string;
  readonly ms: number;
  /** Most memory its process has used so far; 0 where the host cannot say. */
  readonly memory_used: number;
}
