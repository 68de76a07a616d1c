import type { Lake } from '../../lambdas/aws/lake.ts';
import type { LineageTable } from '../../lambdas/aws/lineage-table.ts';

/** Calls that handlers made, and what went over the wire. */
export interface Calls {
  /** Puts and lists (a list for each thousand keys). */
  puts: number;
  gets: number;
  /** Consistent reads of 4 KB. */
  readUnits: number;
  listedKeys: number;
  putBytes: number;
}

export const noCalls = (): Calls => ({ puts: 0, gets: 0, readUnits: 0, listedKeys: 0, putBytes: 0 });

const KEYS_A_PAGE = 1000;
const READ_BYTES = 4096;

/** A lake that counts what S3 would be asked. */
export function countedLake(lake: Lake, calls: Calls): Lake {
  const get = <T>(answer: T): T => {
    calls.gets += 1;
    return answer;
  };
  const put = (size: number) => {
    calls.puts += 1;
    calls.putBytes += size;
  };
  return {
    ...lake,
    getText: (key) => get(lake.getText(key)),
    getBytes: (key) => get(lake.getBytes(key)),
    stream: (key) => get(lake.stream(key)),
    // Asked by listing.
    exists: (key) => {
      calls.puts += 1;
      return lake.exists(key);
    },
    putText: async (key, text, type) => {
      put(Buffer.byteLength(text));
      await lake.putText(key, text, type);
    },
    putBytes: async (key, bytes, type) => {
      put(bytes.length);
      await lake.putBytes(key, bytes, type);
    },
    list: async (prefix, range) => {
      const found = await lake.list(prefix, range);
      calls.puts += Math.max(1, Math.ceil(found.length / KEYS_A_PAGE));
      calls.listedKeys += found.length;
      return found;
    },
  };
}

/** A lineage table that counts what DynamoDB would charge for reads. */
export function countedLineage(lineage: LineageTable, calls: Calls): LineageTable {
  const read = <T>(records: T): T => {
    calls.readUnits += Math.max(1, Math.ceil(Buffer.byteLength(JSON.stringify(records ?? '')) / READ_BYTES));
    return records;
  };
  return {
    ...lineage,
    get: async (...given) => read(await lineage.get(...given)),
    between: async (...given) => read(await lineage.between(...given)),
    last: async (...given) => read(await lineage.last(...given)),
    newest: async (...given) => read(await lineage.newest(...given)),
    live: async (...given) => read(await lineage.live(...given)),
  };
}
