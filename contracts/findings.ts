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
  'minimum-rows': 'reject',
  manifest: 'reject',
  malformed: 'quarantine',
  missing: 'quarantine',
  type: 'quarantine',
  integer: 'quarantine',
  range: 'quarantine',
  values: 'quarantine',
  pattern: 'quarantine',
  length: 'quarantine',
  unique: 'quarantine',
  'cross-column': 'quarantine',
  'implausible-time': 'warn',
  'dropped-column': 'warn',
  'duplicate-row': 'warn',
  'equal-columns': 'warn',
  'single-class': 'warn',
  'class-balance': 'warn',
  leakage: 'warn',
  drift: 'warn',
} as const satisfies Record<string, (typeof SEVERITIES)[number]>;
export type Rule = keyof typeof RULES;
export type Severity = (typeof SEVERITIES)[number];

const of = <const T extends readonly [Severity, ...Severity[]]>(...severities: T) => z.enum(severities);
const ANY = of('reject', 'quarantine', 'warn');
/** The row cannot be kept: its value has no place in the column. */
const ROW = of('reject', 'quarantine');
/** It concerns no single row. */
const FILE = of('reject', 'warn');

/** Rules whose severity a schema may change, and what it may be. The others cannot be had in another way. */
export const SEVERITIES_OF = {
  malformed: ROW,
  missing: ROW,
  type: ROW,
  integer: ROW,
  range: ANY,
  values: ANY,
  pattern: ANY,
  length: ANY,
  unique: ANY,
  'cross-column': ANY,
  'implausible-time': ANY,
  'duplicate-row': ANY,
  'minimum-rows': FILE,
  'dropped-column': FILE,
  'equal-columns': FILE,
  'single-class': FILE,
  'class-balance': FILE,
  leakage: FILE,
  drift: FILE,
} as const satisfies Partial<Record<Rule, z.ZodType<Severity>>>;

/** One thing found in a file. `row` is the 1-based data row (the header is not counted). */
export const FindingSchema = z.object({
  /** In the report of a folder: the file it was found in, by its path in the folder. Absent: it concerns the whole upload. */
  file: z.string().optional(),
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
  /** In the report of a folder: its files, by their paths in the folder. */
  files: z
    .array(
      z.object({
        file: z.string(),
        verdict: z.enum(VERDICTS),
        rows: z.object({ read: z.int(), accepted: z.int(), quarantined: z.int() }),
        findingsTotal: z.int(),
      }),
    )
    .optional(),
});
export type FileReport = z.infer<typeof FileReportSchema>;

/** The document `modelway validate --json` prints. */
export const ValidateDocumentSchema = z.object({
  files: z.array(FileReportSchema),
  /** Folders judged as one upload, by their manifest or `_SUCCESS`; `file` is the folder. Absent when there was none. */
  uploads: z.array(FileReportSchema).optional(),
});
export type ValidateDocument = z.infer<typeof ValidateDocumentSchema>;
