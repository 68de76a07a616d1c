import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';

const LOCAL_HEADER = 0x04034b50;
const CENTRAL_HEADER = 0x02014b50;
const END_OF_DIRECTORY = 0x06054b50;
const VERSION = 20;
const UTF8_NAMES = 0x0800;
const STORED = 0;
/** 1 January 1980 in DOS form, the first date a zip can hold: the same files always give the same bytes. */
const DATE = 0x0021;
/** A regular file that everyone may read, as Unix keeps it in the upper half. */
const FILE_MODE = 0o100644 * 0x10000;
const MADE_BY_UNIX = 3 << 8;

interface Entry {
  readonly name: Buffer;
  readonly content: Buffer;
  readonly checksum: number;
  readonly offset: number;
}

/**
 * Packs a folder into a zip: names sorted, one date, contents stored as they are, because they travel over loopback only and
 * compressing a layer would take longer than everything else of a deployment.
 */
export function packFolder(folder: string): Buffer {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
  const parts: Buffer[] = [];
  const entries: Entry[] = [];
  let offset = 0;
  for (const path of names) {
    const content = readFileSync(join(folder, path));
    const entry = { name: Buffer.from(path.replaceAll('\\', '/')), content, checksum: crc32(content), offset };
    const header = localHeader(entry);
    entries.push(entry);
    parts.push(header, content);
    offset += header.length + content.length;
  }
  const directory = Buffer.concat(entries.map(centralHeader));
  return Buffer.concat([...parts, directory, endOfDirectory(entries.length, directory.length, offset)]);
}

function localHeader(entry: Entry): Buffer {
  const fixed = Buffer.alloc(30);
  fixed.writeUInt32LE(LOCAL_HEADER, 0);
  writeCommon(fixed, 4, entry);
  return Buffer.concat([fixed, entry.name]);
}

function centralHeader(entry: Entry): Buffer {
  const fixed = Buffer.alloc(46);
  fixed.writeUInt32LE(CENTRAL_HEADER, 0);
  fixed.writeUInt16LE(MADE_BY_UNIX | VERSION, 4);
  writeCommon(fixed, 6, entry);
  fixed.writeUInt32LE(FILE_MODE, 38);
  fixed.writeUInt32LE(entry.offset, 42);
  return Buffer.concat([fixed, entry.name]);
}

/** The 24 bytes that both headers share; the length of the extra field, after them, stays 0. */
function writeCommon(header: Buffer, at: number, entry: Entry): void {
  header.writeUInt16LE(VERSION, at);
  header.writeUInt16LE(UTF8_NAMES, at + 2);
  header.writeUInt16LE(STORED, at + 4);
  header.writeUInt16LE(0, at + 6);
  header.writeUInt16LE(DATE, at + 8);
  header.writeUInt32LE(entry.checksum, at + 10);
  header.writeUInt32LE(entry.content.length, at + 14);
  header.writeUInt32LE(entry.content.length, at + 18);
  header.writeUInt16LE(entry.name.length, at + 22);
}

function endOfDirectory(count: number, size: number, offset: number): Buffer {
  const end = Buffer.alloc(22);
  end.writeUInt32LE(END_OF_DIRECTORY, 0);
  end.writeUInt16LE(count, 8);
  end.writeUInt16LE(count, 10);
  end.writeUInt32LE(size, 12);
  end.writeUInt32LE(offset, 16);
  return end;
}
