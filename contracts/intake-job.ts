import { z } from 'zod';
import { FileReportSchema } from './findings.ts';
import { ManifestSchema } from './manifest.ts';
import { CompleteModelSchema } from './model-config.ts';
import { BaselineSchema } from './profile.ts';

/** One processing job that takes in an upload too large, or too closely packed, for the intake function. */

/** What the machine starts the job with. */
export const IntakeJobSchema = z.object({
  /** The job's name but for the number of the try. */
  name: z.string(),
  /** Why a job is needed, for people. */
  reason: z.string(),
  /** Prefixes of the request, of the files and of the output. */
  requestUri: z.string(),
  uploadUri: z.string(),
  outputUri: z.string(),
  instanceType: z.string(),
  volumeGigabytes: z.int(),
  maxSeconds: z.int(),
});
export type IntakeJob = z.infer<typeof IntakeJobSchema>;

/** What takes in an upload that no function can hold: the smallest with memory to spare, since one thread reads. */
export const INTAKE_JOB_INSTANCE_TYPE = 'ml.m5.large';

/** The longest an intake job may run, seconds. */
export const MOST_INTAKE_JOB_SECONDS = 24 * 3600;

/** Names of the files that the function and the program give each other. */
export const INTAKE_JOB_FILES = {
  request: 'request.json',
  result: 'result.json',
} as const;

/** The name of a file of the upload in the job, by its place in the request. */
export const jobFileName = (index: number): string => String(index).padStart(5, '0');

/** What a processing job is asked to take in; its files are named by their place in `files`, see `jobFileName`. */
export const IntakeJobRequestSchema = z.object({
  model: CompleteModelSchema,
  /** What the report calls the upload: a file, or a folder. */
  name: z.string(),
  folder: z.boolean(),
  /** Names of the files, inside the folder if it is one, in order. */
  files: z.array(z.string()).min(1),
  manifest: z.union([z.object({ manifest: ManifestSchema }), z.object({ problem: z.string() })]).nullable(),
  /** Profile of the version that was accepted last; null when there is none to compare with. */
  previous: BaselineSchema.nullable(),
  /** When the upload came, ISO. */
  now: z.string(),
});
export type IntakeJobRequest = z.infer<typeof IntakeJobRequestSchema>;

/** What a processing job found; the files it names lie beside it. */
export const IntakeJobResultSchema = z.object({
  report: FileReportSchema,
  heldBack: z.boolean(),
  /** The quarantine file, when rows were set aside. */
  quarantine: z.object({ file: z.string(), bytes: z.int() }).nullable(),
  accepted: z
    .object({
      contentHash: z.string(),
      rows: z.int(),
      from: z.string().optional(),
      to: z.string().optional(),
      parts: z.array(z.object({ file: z.string(), rows: z.int(), sha256: z.string(), bytes: z.int() })),
      profile: BaselineSchema,
    })
    .nullable(),
  /** Of each file, in the order of the request. */
  sources: z.array(z.object({ sha256: z.string(), rows: z.int() })),
});
export type IntakeJobResult = z.infer<typeof IntakeJobResultSchema>;
