import { z } from 'zod';
import type { LineageRecord, RecordKind } from '../../contracts/records.ts';

const text = z.string().optional().catch(undefined);
const GatesSchema = z
  .array(z.looseObject({ name: z.string(), verdict: z.string(), reason: z.string() }))
  .optional()
  .catch(undefined);
const CapturedSchema = z.looseObject({
  files: z.looseObject({ count: z.number(), bytes: z.number() }),
  rows: z.number(),
});

/** The parts of the details of all kinds that people ask for; what a kind does not have is absent. */
const DetailSchema = z.looseObject({
  rows: z.unknown().optional(),
  schemaHash: text,
  verdict: text,
  outcome: text,
  why: text,
  reason: text,
  summary: text,
  trigger: text,
  approval: text,
  artifact: text,
  trainingJob: text,
  codeUri: text,
  codeHash: text,
  imageUri: text,
  imageDigest: text,
  image: z.looseObject({ digest: text }).optional().catch(undefined),
  approved: z.looseObject({ by: text, at: text, why: text }).optional().catch(undefined),
  endpoint: text,
  reportKey: text,
  window: z.looseObject({ from: text, to: text }).optional().catch(undefined),
  upload: z.looseObject({ key: text, versionId: text }).optional().catch(undefined),
  instanceType: text,
  seed: z.number().optional().catch(undefined),
  environment: text,
  filesHash: text,
  hyperparameters: z.record(z.string(), z.string()).optional().catch(undefined),
  modelPackageArn: text,
  packageArn: text,
  versions: z
    .array(z.looseObject({ packageArn: z.string(), rows: z.number() }))
    .optional()
    .catch(undefined),
  sources: z
    .array(z.looseObject({ key: z.string(), versionId: z.string(), sha256: z.string() }))
    .optional()
    .catch(undefined),
  /** A snapshot lists its files; a run's files are an object, for which the hash over them stands. */
  files: z
    .array(z.looseObject({ key: z.string(), sha256: z.string() }))
    .optional()
    .catch(undefined),
  decision: z
    .looseObject({ passed: z.boolean().optional(), reason: text, decision: text, gates: GatesSchema })
    .optional()
    .catch(undefined),
  packages: z.record(z.string(), z.string()).optional().catch(undefined),
  execution: text,
  metadata: z.record(z.string(), z.string()).optional().catch(undefined),
});
type Detail = z.infer<typeof DetailSchema>;

/** What a record says, read leniently: a detail of an older shape still shows what it has. */
export interface RecordFacts {
  readonly summary: string;
  readonly facts: Readonly<Record<string, string>>;
  /** The packages that answered in a window, the judged one first. */
  readonly packageArns: readonly string[];
  /** When a window ended, ISO. */
  readonly windowEnd: string | undefined;
  /** Name of the execution that failed. */
  readonly execution: string | undefined;
  /** Whether a deployment went live. */
  readonly live: boolean;
}

/** Reads the detail of a lineage record for people. */
export function recordFacts(record: LineageRecord): RecordFacts {
  const given = parsed(record.detail);
  const detail = DetailSchema.safeParse(given).data ?? DetailSchema.parse({});
  return {
    summary: SUMMARIES[record.kind](detail),
    facts: { ...factsOf(detail), ...(record.kind === 'window' ? capturedFacts(given) : {}) },
    packageArns: [
      ...new Set([detail.packageArn, ...(detail.versions ?? []).map(({ packageArn }) => packageArn)]),
    ].filter((arn) => arn !== undefined),
    windowEnd: detail.window?.to,
    execution: detail.execution?.split(':').at(-1),
    live: detail.outcome === 'live',
  };
}

function parsed(detail: string): unknown {
  try {
    return JSON.parse(detail);
  } catch {
    return {};
  }
}

const NAMED = [
  'schemaHash',
  'artifact',
  'trainingJob',
  'codeUri',
  'codeHash',
  'imageUri',
  'imageDigest',
  'instanceType',
  'environment',
  'filesHash',
  'approval',
  'trigger',
  'endpoint',
  'reportKey',
] as const;

function factsOf(detail: Detail): Record<string, string> {
  const facts: [string, string][] = NAMED.flatMap((name): [string, string][] => {
    const value = detail[name];
    return value === undefined ? [] : [[name, value]];
  });
  for (const [index, { key, versionId, sha256 }] of (detail.sources ?? []).entries())
    facts.push([`source ${index + 1}`, `${key}, version ${versionId}, SHA-256 ${sha256}`]);
  if (detail.seed !== undefined) facts.push(['seed', String(detail.seed)]);
  if (detail.hyperparameters !== undefined) facts.push(['hyperparameters', hyperparameterText(detail.hyperparameters)]);
  for (const { key, sha256 } of detail.files ?? []) facts.push([key, `SHA-256 ${sha256}`]);
  if (detail.packages !== undefined) facts.push(['packages', pairs(detail.packages)]);
  for (const { name, verdict, reason } of detail.decision?.gates ?? [])
    facts.push([`gate ${name}`, `${verdict}: ${reason}`]);
  const { upload, approved, image, window, versions } = detail;
  for (const { packageArn, rows } of versions ?? []) facts.push([`answered by ${packageArn}`, `${rows} rows`]);
  if (upload?.key !== undefined)
    facts.push(['upload', words(upload.key, upload.versionId && `version ${upload.versionId}`)]);
  if (approved != null)
    facts.push([
      'approved',
      words(approved.by ?? 'by a caller that SageMaker does not name', approved.at, approved.why),
    ]);
  if (image?.digest !== undefined) facts.push(['imageDigest', image.digest]);
  if (window?.from !== undefined) facts.push(['window', `${window.from} to ${window.to ?? ''}`]);
  for (const [name, value] of Object.entries(detail.metadata ?? {})) facts.push([name, value]);
  return Object.fromEntries(facts);
}

/** The captured predictions that a window was judged from. */
function capturedFacts(detail: unknown): Record<string, string> {
  const found = CapturedSchema.safeParse(detail).data;
  if (found === undefined) return {};
  return { 'captured predictions': `${found.rows} rows in ${found.files.count} files of ${found.files.bytes} bytes` };
}

const SUMMARIES: Readonly<Record<RecordKind, (detail: Detail) => string>> = {
  dataset: ({ rows, sources }) => words(count(rows, 'rows'), sources?.[0]?.key),
  intake: ({ verdict, summary }) => words(verdict, summary),
  snapshot: ({ rows }) => words(count(rows, 'rows')),
  run: ({ decision, reason }) => words(decision?.passed === true ? 'passed its gates' : 'refused', reason),
  reproduction: ({ outcome, summary }) => words(summary ?? outcome),
  package: ({ approval, metadata }) =>
    words(approval && `approval ${approval}`, metadata?.auc && `AUC ${metadata.auc}`),
  deployment: ({ outcome, why }) => words(outcome, why),
  labels: ({ summary }) => words(summary),
  window: ({ verdict, summary }) => words(verdict, summary),
  decision: ({ decision }) => words(decision?.decision, decision?.reason),
  failure: ({ reason, why }) => words(reason ?? why),
};

/** A model's own hyperparameters; SageMaker's say where it found the code, which `codeUri` says better. */
const hyperparameterText = (given: Readonly<Record<string, string>>): string =>
  pairs(Object.fromEntries(Object.entries(given).filter(([name]) => !name.startsWith('sagemaker_'))));

const pairs = (given: Readonly<Record<string, string>>): string =>
  Object.entries(given)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');

const words = (...parts: readonly (string | undefined)[]): string =>
  parts.filter((part) => part !== undefined && part !== '').join(', ');

/** `rows` is a number for dataset versions, and one for each set of a snapshot. */
function count(rows: unknown, what: string): string | undefined {
  if (typeof rows === 'number') return `${rows} ${what}`;
  const sets = z.record(z.string(), z.number()).safeParse(rows).data;
  return sets === undefined
    ? undefined
    : Object.entries(sets)
        .map(([name, number]) => `${number} ${name}`)
        .join(', ');
}
