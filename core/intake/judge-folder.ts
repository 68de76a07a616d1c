import { type Manifest, ManifestSchema } from '../../contracts/manifest.ts';
import { describeProblem, problemsOf } from '../../contracts/problems.ts';
import type { Findings } from './findings.ts';

/** A file of a folder upload as it was found. */
export interface FoundFile {
  /** Its path inside the folder. */
  readonly key: string;
  readonly bytes: number;
  /** Hexadecimal. */
  readonly sha256: string;
  /** Data rows, bad ones included. */
  readonly rows: number;
  /** Why nothing of it is acceptable; undefined when something is. */
  readonly refused: string | undefined;
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
export function judgeFolder(manifest: ReadManifest | undefined, found: readonly FoundFile[], findings: Findings): void {
  const say = (key: string, message: string) => {
    findings.add({ rule: 'manifest', row: null, column: null, value: key.slice(0, 200), message });
  };
  if (manifest !== undefined && 'problem' in manifest) say('manifest.json', `the manifest ${manifest.problem}`);
  if (manifest !== undefined && 'manifest' in manifest) compare(manifest.manifest, found, say);
  for (const { key, refused } of found)
    if (refused !== undefined) say(key, `was refused, and with it the whole upload: ${refused}`);
  if (found.length === 0 && !findings.rejected())
    findings.add({ rule: 'no-rows', row: null, column: null, value: null, message: 'the folder holds no file' });
}

function compare(manifest: Manifest, found: readonly FoundFile[], say: (key: string, message: string) => void): void {
  const byKey = new Map(found.map((file) => [file.key, file]));
  for (const { key, size, sha256, rows } of manifest.files) {
    const file = byKey.get(key);
    byKey.delete(key);
    if (file === undefined) {
      say(key, 'is in the manifest and not in the folder');
      continue;
    }
    // Of a file that could not be read nothing else is known.
    if (file.sha256 === '') continue;
    if (size !== undefined && file.bytes !== size) say(key, `has ${file.bytes} bytes where the manifest says ${size}`);
    if (sha256 !== undefined && file.sha256 !== sha256.toLowerCase())
      say(key, `has the SHA-256 ${file.sha256} where the manifest says ${sha256.toLowerCase()}`);
    if (rows !== undefined && file.rows !== rows) say(key, `has ${file.rows} rows where the manifest says ${rows}`);
  }
  for (const key of byKey.keys()) say(key, 'is in the folder and not in the manifest');
}
