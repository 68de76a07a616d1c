import { createHash } from 'node:crypto';
import { canonicalJson, sha256 } from '../lineage/canonical-json.ts';
import { type ByteReader, gunzipReader, unreadable } from './byte-reader.ts';
import { BLOCK_BYTES, paxRecords, type TarHeader, tarHeader } from './tar-header.ts';

/** Bounds of an archive that is read; what exceeds one is refused. */
export interface ArchiveLimits {
  readonly files: number;
  readonly unzippedBytes: number;
}

/** No ready-made image makes more; at the speed of a function's network, the bytes are what its time allows. */
export const ARCHIVE_LIMITS: ArchiveLimits = { files: 10_000, unzippedBytes: 20 * 2 ** 30 };

/** Names and pax headers longer than this come from nobody honest. */
const LONGEST_NAME_BYTES = 65_536;
/** Files that are kept to be read by people; longer ones are only hashed. */
const LONGEST_KEPT_BYTES = 1 << 20;

/** What a model archive holds. */
export interface ArchiveContent {
  /** SHA-256 of each file by its name, sorted by name. Owners, dates and the order in the archive do not count. */
  readonly files: ReadonlyMap<string, string>;
  /** SHA-256 over all names and hashes. */
  readonly filesHash: string;
  /** Text of the files that were asked for. */
  readonly kept: ReadonlyMap<string, string>;
}

/**
 * Reads a `model.tar.gz` as a stream and hashes every file. Nothing is written anywhere, so a path that leads out of its folder is no
 * more than a name; links count by what they point to.
 * @param keep names of small files whose text is wanted
 * @throws ModelwayError `unreadable-archive` when it is damaged, cut off, beyond the limits, or names a file twice
 */
export async function readArchive(
  zipped: AsyncIterable<Uint8Array>,
  keep: readonly string[] = [],
  limits: ArchiveLimits = ARCHIVE_LIMITS,
): Promise<ArchiveContent> {
  const reader = gunzipReader(zipped, limits.unzippedBytes);
  const files = new Map<string, string>();
  const kept = new Map<string, string>();
  for (;;) {
    const header = await nextEntry(reader);
    if (header === undefined) break;
    const name = header.name.replace(/^(\.\/)+/, '').replace(/\/+$/, '');
    const wanted = keep.includes(name) && header.size <= LONGEST_KEPT_BYTES;
    const content = await contentOf(reader, header, wanted);
    if (content === undefined) continue;
    if (files.has(name)) throw unreadable('names a file twice', name.slice(0, 200));
    if (files.size >= limits.files) throw unreadable(`holds more than ${limits.files} files`);
    files.set(name, content.sha256);
    if (content.text !== undefined) kept.set(name, content.text);
  }
  const sorted = new Map([...files].sort(([a], [b]) => (a < b ? -1 : 1)));
  return { files: sorted, filesHash: sha256(canonicalJson([...sorted])), kept };
}

/** The header of the next file, link or folder, with the long names that go before it. */
async function nextEntry(reader: ByteReader): Promise<TarHeader | undefined> {
  let longer: { readonly name?: string; readonly linkName?: string; readonly size?: number } = {};
  for (;;) {
    const block = await reader.take(BLOCK_BYTES);
    if (block.length === 0) return undefined;
    if (block.length < BLOCK_BYTES) throw unreadable('is cut off');
    const header = tarHeader(block);
    if (header === undefined) {
      // To the end, so that damage behind the last file is seen by its checksum.
      while ((await reader.take(1 << 20)).length > 0);
      return undefined;
    }
    switch (header.type) {
      case 'L':
        longer = { ...longer, name: await longName(reader, header) };
        break;
      case 'K':
        longer = { ...longer, linkName: await longName(reader, header) };
        break;
      case 'x':
        longer = { ...longer, ...paxNames(paxRecords(await shortContent(reader, header))) };
        break;
      case 'g':
        await shortContent(reader, header);
        break;
      default:
        return { ...header, ...longer };
    }
  }
}

function paxNames(records: ReadonlyMap<string, string>) {
  const [name, linkName, size] = ['path', 'linkpath', 'size'].map((key) => records.get(key));
  if (size !== undefined && !/^\d{1,15}$/.test(size))
    throw unreadable('holds a file of an impossible size', size.slice(0, 200));
  return {
    ...(name === undefined ? {} : { name }),
    ...(linkName === undefined ? {} : { linkName }),
    ...(size === undefined ? {} : { size: Number(size) }),
  };
}

async function contentOf(
  reader: ByteReader,
  { type, size, linkName }: TarHeader,
  wanted: boolean,
): Promise<{ readonly sha256: string; readonly text?: string } | undefined> {
  switch (type) {
    case '0':
    case '7': {
      const hash = createHash('sha256');
      const parts: Uint8Array[] = [];
      await pourPadded(reader, size, (bytes) => {
        hash.update(bytes);
        if (wanted) parts.push(bytes);
      });
      return { sha256: hash.digest('hex'), ...(wanted ? { text: Buffer.concat(parts).toString('utf8') } : {}) };
    }
    case '1':
    case '2':
      return { sha256: sha256(`link to ${linkName}`) };
    case '5':
      await pourPadded(reader, size, () => undefined);
      return undefined;
    default:
      throw unreadable('holds an entry that is no file, folder or link', `type ${JSON.stringify(type)}`);
  }
}

async function longName(reader: ByteReader, header: TarHeader): Promise<string> {
  return (await shortContent(reader, header)).toString('utf8').replace(/\0.*$/s, '');
}

async function shortContent(reader: ByteReader, { size }: TarHeader): Promise<Buffer> {
  if (size > LONGEST_NAME_BYTES) throw unreadable(`holds a name of more than ${LONGEST_NAME_BYTES} bytes`);
  const parts: Uint8Array[] = [];
  await pourPadded(reader, size, (bytes) => parts.push(bytes));
  return Buffer.concat(parts);
}

/** Contents fill whole blocks. */
async function pourPadded(reader: ByteReader, size: number, sink: (bytes: Uint8Array) => void): Promise<void> {
  await reader.pour(size, sink);
  await reader.pour((BLOCK_BYTES - (size % BLOCK_BYTES)) % BLOCK_BYTES, () => undefined);
}
