import type { FileReport, Finding } from '../../contracts/findings.ts';
import { type Manifest, ManifestSchema } from '../../contracts/manifest.ts';
import { describeProblem, problemsOf } from '../../contracts/problems.ts';
import { collectFindings } from './findings.ts';

/** A file of a folder upload as it was found. */
export interface FoundFile {
  /** Its path inside the folder. */
  readonly key: string;
  readonly bytes: number;
  /** Hexadecimal; needed where the manifest states one. */
  readonly sha256?: string;
  /** What intake says of it. Left out: it was not looked at. */
  readonly report?: FileReport;
}

/** A manifest that was read, or why it is none. */
export type ReadManifest = { readonly manifest: Manifest } | { readonly problem: string };

/** Reads the text of a manifest. */
export function readManifest(text: string): ReadManifest {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (error) {
    return { problem: `is not JSON: ${error instanceof Error ? error.message.slice(0, 200) : String(error)}` };
  }
  const parsed = ManifestSchema.safeParse(document);
  if (parsed.success) return { manifest: parsed.data };
  return { problem: problemsOf(parsed.error, document).slice(0, 10).map(describeProblem).join('; ').slice(0, 1000) };
}

/**
 * Judges a folder as one upload: refused when it is not what its manifest says (a file missing, too much, or of another size, hash or
 * number of rows), or when one of its files is refused; so nothing of an upload in part is ever counted. Without a manifest (`_SUCCESS`)
 * only the files count.
 */
export function judgeFolder(
  folder: string,
  manifest: ReadManifest | undefined,
  found: readonly FoundFile[],
): FileReport {
  const findings = collectFindings();
  const say = (key: string, message: string) =>
    findings.add({ rule: 'manifest', row: null, column: null, value: key.slice(0, 200), message });
  if (manifest !== undefined && 'problem' in manifest) say('manifest.json', `the manifest ${manifest.problem}`);
  if (manifest !== undefined && 'manifest' in manifest) compare(manifest.manifest, found, say);
  const reports = found.flatMap(({ report }) => (report === undefined ? [] : [report]));
  for (const { file, verdict, findings: own } of reports)
    if (verdict === 'rejected')
      say(file, `was refused, and with it the whole upload: ${own.find(isRefusal)?.message ?? 'no row is acceptable'}`);
  if (found.length === 0 && !findings.rejected())
    findings.add({ rule: 'no-rows', row: null, column: null, value: null, message: 'the folder holds no file' });
  const sum = (count: (report: FileReport) => number) => reports.reduce((total, report) => total + count(report), 0);
  const quarantined = sum(({ rows }) => rows.quarantined);
  const rejected = findings.rejected();
  return {
    file: folder,
    verdict: rejected ? 'rejected' : quarantined > 0 ? 'quarantined' : 'accepted',
    rows: {
      read: sum(({ rows }) => rows.read),
      accepted: rejected ? 0 : sum(({ rows }) => rows.accepted),
      quarantined,
    },
    findingsTotal: findings.total(),
    findings: [...findings.kept],
  };
}

const isRefusal = ({ severity }: Finding) => severity === 'reject';

function compare(manifest: Manifest, found: readonly FoundFile[], say: (key: string, message: string) => void): void {
  const byKey = new Map(found.map((file) => [file.key, file]));
  for (const { key, size, sha256, rows } of manifest.files) {
    const file = byKey.get(key);
    byKey.delete(key);
    if (file === undefined) {
      say(key, 'is in the manifest and not in the folder');
      continue;
    }
    if (size !== undefined && file.bytes !== size) say(key, `has ${file.bytes} bytes where the manifest says ${size}`);
    if (sha256 !== undefined && file.sha256 !== undefined && file.sha256 !== sha256.toLowerCase())
      say(key, `has the SHA-256 ${file.sha256} where the manifest says ${sha256.toLowerCase()}`);
    const read = file.report?.rows.read;
    if (rows !== undefined && read !== undefined && read !== rows)
      say(key, `has ${read} rows where the manifest says ${rows}`);
  }
  for (const key of byKey.keys()) say(key, 'is in the folder and not in the manifest');
}
