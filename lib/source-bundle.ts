import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { gzipSync } from 'node:zlib';
import { ModelwayError, type Problem } from '../contracts/problems.ts';

/** A file of the bundle: its path there, with `/`, and its bytes. */
export interface BundleEntry {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** Never part of a bundle: what Python and editors leave behind. */
const IGNORED = /(^|\/)(__pycache__|\.[^/]+)(\/|$)|\.pyc$/;

/** The scripts SageMaker starts; a source folder without them cannot train or serve. */
const SERVING_SCRIPT = 'inference.py';

/** What is wrong with a model's source folder; `path` names the setting. */
export function sourceProblems(source: string, trainingScript: string, path: string): readonly Problem[] {
  if (!existsSync(source) || !statSync(source).isDirectory())
    return [{ path, message: 'is not a folder', got: source, fix: 'correct it; it is relative to the config file' }];
  return [trainingScript, SERVING_SCRIPT]
    .filter((script) => !existsSync(join(source, script)))
    .map((script) => ({ path, message: `has no ${script}`, got: source, fix: `add ${script} to that folder` }));
}

/** The files of a model's source bundle: the container package, and the model's own files on top. */
export function bundleEntries(containerPackage: string, source: string): readonly BundleEntry[] {
  const name = containerPackage.split(sep).at(-1) ?? '';
  const entries = new Map<string, Uint8Array>();
  for (const file of filesBelow(containerPackage)) entries.set(`${name}/${file.path}`, file.bytes);
  for (const file of filesBelow(source)) entries.set(file.path, file.bytes);
  return [...entries].map(([path, bytes]) => ({ path, bytes })).sort((a, b) => (a.path < b.path ? -1 : 1));
}

/**
 * The entries as a tar.gz with the same bytes on every machine: sorted, owned by nobody, dated 1970. `level` of gzip, left out: 9, the
 * smallest.
 */
export function tarGz(entries: readonly BundleEntry[], level = 9): Buffer {
  const blocks = entries.flatMap(({ path, bytes }) => [
    header(path, bytes.length),
    Buffer.from(bytes),
    Buffer.alloc((512 - (bytes.length % 512)) % 512),
  ]);
  // Node's gzip header has no name and no time; the operating system byte is the only thing that differs between hosts.
  const compressed = gzipSync(Buffer.concat([...blocks, Buffer.alloc(1024)]), { level });
  compressed[9] = 255;
  return compressed;
}

/** SHA-256 of a bundle that was written, hex. */
export const bundleHash = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex');

/** Writes the bundle below `folder`, named by its content, and returns its path. */
export function writeBundle(folder: string, archive: Buffer): string {
  const hash = createHash('sha256').update(archive).digest('hex').slice(0, 32);
  const path = join(folder, `source-${hash}.tar.gz`);
  if (existsSync(path)) return path;
  mkdirSync(dirname(path), { recursive: true });
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, archive);
  renameSync(draft, path);
  return path;
}

/** The files below a folder, but for what Python and editors leave behind. */
export function filesBelow(folder: string): readonly BundleEntry[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({ path: relative(folder, path).split(sep).join('/'), bytes: readFileSync(path) }))
    .filter(({ path }) => !IGNORED.test(path));
}

/** A ustar header: https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html#tag_20_92_13_06 */
function header(path: string, size: number): Buffer {
  if (Buffer.byteLength(path) > 100)
    throw new ModelwayError('invalid-source', 'input', [
      { path, message: 'is longer than 100 bytes, the most an archive entry holds', fix: 'shorten the path' },
    ]);
  const block = Buffer.alloc(512);
  const octal = (value: number, length: number) => value.toString(8).padStart(length - 1, '0');
  block.write(path, 0);
  block.write(octal(0o644, 8), 100);
  block.write(octal(0, 8), 108);
  block.write(octal(0, 8), 116);
  block.write(octal(size, 12), 124);
  block.write(octal(0, 12), 136);
  block.write('        ', 148);
  block.write('0', 156);
  block.write('ustar', 257);
  block.write('00', 263);
  const checksum = block.reduce((sum, byte) => sum + byte, 0);
  block.write(`${octal(checksum, 7)}\0 `, 148);
  return block;
}
