import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ZipFile } from 'yazl';

/** The first instant a zip can hold, so that the same files always give the same bytes. */
const EPOCH = new Date(Date.UTC(1980, 0, 1));
const FILE_MODE = 0o100644;

/** Packs a folder into a zip: names sorted, one date, stored as they are, because they travel over loopback only. */
export async function packFolder(folder: string): Promise<Buffer> {
  const zip = new ZipFile();
  const names = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
  for (const name of names) {
    const options = { mtime: EPOCH, mode: FILE_MODE, compress: false, forceDosTimestamp: true };
    zip.addBuffer(readFileSync(join(folder, name)), name.replaceAll('\\', '/'), options);
  }
  zip.end();
  const parts: Buffer[] = [];
  for await (const part of zip.outputStream) parts.push(Buffer.from(part));
  return Buffer.concat(parts);
}
