import type { LargeUploadLimits, LineShards } from '../../../contracts/large-upload.ts';
import { compressionOf, isParquet, textFormatOf } from '../read/format.ts';
import { RefusedFile } from '../read/row-sink.ts';
import { byteRanges } from './byte-ranges.ts';

/** What takes an upload in: one invocation, one for each shard, or a job with a disk of its own and time. */
export type Route =
  | { readonly route: 'one' }
  | { readonly route: 'map'; readonly shards: LineShards }
  | { readonly route: 'job'; readonly reason: string };

/** What is looked at before an upload is read. */
export interface UploadFront {
  readonly name: string;
  readonly bytes: number;
  /** The first bytes of it; a header that does not end in them is none. */
  readonly head: Buffer;
}

const [QUOTE, LF, CR] = [34, 10, 13];
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/** Decides by size and first bytes. Whatever is in doubt and large goes to the job, which reads anything. */
export function chooseRoute({ name, bytes, head }: UploadFront, limits: LargeUploadLimits): Route {
  const packed = compressionOf(head);
  if (bytes <= (packed === 'none' ? limits.plainBytes : limits.packedBytes)) return { route: 'one' };
  if (packed !== 'none') return job(`${packed} data is read from its beginning only`);
  if (isParquet(head)) return job('a Parquet file is read as a whole');
  if (bytes > limits.mapBytes) return job(`larger than the ${limits.mapBytes} bytes that shards are made of`);
  const format = formatOf(head, name);
  if (format === undefined || format === 'json-array') return job('its rows do not lie in lines');
  if (format === 'json-lines') return map('json-lines', 0, bytes, limits);
  const header = headerEnd(head);
  if (header === undefined) return job('its header does not end in a line feed');
  if (head.includes(QUOTE)) return job('cells in quotes may hold line ends');
  return map('csv', header, bytes, limits);
}

const job = (reason: string): Route => ({ route: 'job', reason });

function map(
  format: LineShards['format'],
  headerBytes: number,
  bytes: number,
  { shardBytes }: LargeUploadLimits,
): Route {
  return { route: 'map', shards: { format, headerBytes, ranges: [...byteRanges(headerBytes, bytes, shardBytes)] } };
}

function formatOf(head: Buffer, name: string) {
  try {
    return textFormatOf(head, name);
  } catch (error) {
    if (error instanceof RefusedFile) return undefined;
    throw error;
  }
}

/** Where the first row begins; undefined when the header's end is not seen, or lone carriage returns end lines. */
function headerEnd(head: Buffer): number | undefined {
  let start = head.subarray(0, BYTE_ORDER_MARK.length).equals(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK.length : 0;
  while (head[start] === LF || head[start] === CR) start++;
  const end = head.indexOf(LF, start);
  if (end === -1) return undefined;
  const lone = head.subarray(start, end - 1).includes(CR);
  return lone ? undefined : end + 1;
}
