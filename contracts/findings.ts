import { z } from 'zod';

export const SEVERITIES = ['reject', 'quarantine', 'warn'] as const;

/** Rules of intake, each with its severity: `reject` refuses the file, `quarantine` sets rows aside, `warn` is said only. */
export const RULES = {
  unreadable: 'reject',
  encoding: 'reject',
  'too-large': 'reject',
  'missing-column': 'reject',
  'unknown-column': 'reject',
  'duplicate-column': 'reject',
  'no-rows': 'reject',
  malformed: 'quarantine',
  missing: 'quarantine',
  type: 'quarantine',
  integer: 'quarantine',
  range: 'quarantine',
  values: 'quarantine',
  pattern: 'quarantine',
  length: 'quarantine',
  unique: 'quarantine',
  'dropped-column': 'warn',
  'duplicate-row': 'warn',
  'single-class': 'warn',
} as const satisfies Record<string, (typeof SEVERITIES)[number]>;
export type Rule = keyof typeof RULES;

/** One thing found in a file. `row` is the 1-based data row (the header is not counted). */
export const FindingSchema = z.object({
  rule: z.enum(Object.keys(RULES) as [Rule, ...Rule[]]),
  severity: z.enum(SEVERITIES),
  row: z.int().positive().nullable(),
  column: z.string().nullable(),
  /** Cut at 200 characters. */
  value: z.string().nullable(),
  message: z.string(),
});
export type Finding = z.infer<typeof FindingSchema>;

export const VERDICTS = ['accepted', 'quarantined', 'rejected'] as const;

/**
 * What intake found in one file. `quarantined`: at least one row was set aside; `rejected`: nothing was accepted.
 * `findings` holds at most 1000; `findingsTotal` counts all.
 */
export const FileReportSchema = z.object({
  file: z.string(),
  verdict: z.enum(VERDICTS),
  rows: z.object({ read: z.int(), accepted: z.int(), quarantined: z.int() }),
  findingsTotal: z.int(),
  findings: z.array(FindingSchema),
});
export type FileReport = z.infer<typeof FileReportSchema>;

/** The document `modelway validate --json` prints. */
export const ValidateDocumentSchema = z.object({ files: z.array(FileReportSchema) });
