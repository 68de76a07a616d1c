import type { Lake } from './lake.ts';

/** Objects that are asked for before the one that is read has ended: most of the time of small objects is waiting for S3. */
const AHEAD = 4;

/** An object and its content, to be read once. */
export interface ReadObject {
  readonly key: string;
  readonly content: AsyncIterable<Uint8Array>;
}

/**
 * Objects with their contents one after the other, in order. The next few are asked for early, of each just its first chunk, so that
 * memory does not grow with them. Objects that are not read to the end are let go.
 */
export async function* readAhead(keys: readonly string[], lake: Pick<Lake, 'stream'>): AsyncGenerator<ReadObject> {
  let next = 0;
  const begun: Begun[] = [];
  const begin = () => {
    const key = keys[next++];
    if (key !== undefined) begun.push(beginReading(key, lake.stream(key)[Symbol.asyncIterator]()));
  };
  try {
    for (let ahead = 0; ahead < AHEAD; ahead++) begin();
    for (let current = begun.shift(); current !== undefined; current = begun.shift()) {
      begin();
      yield { key: current.key, content: contentOf(current) };
    }
  } finally {
    await Promise.allSettled(begun.map(({ chunks }) => chunks.return?.()));
  }
}

interface Begun {
  readonly key: string;
  readonly chunks: AsyncIterator<Uint8Array>;
  readonly first: Promise<IteratorResult<Uint8Array>>;
}

function beginReading(key: string, chunks: AsyncIterator<Uint8Array>): Begun {
  const first = chunks.next();
  // It is told when its turn comes; until then a failure must not end the process.
  first.catch(() => undefined);
  return { key, chunks, first };
}

async function* contentOf({ chunks, first }: Begun): AsyncGenerator<Uint8Array> {
  try {
    for (let next = await first; next.done !== true; next = await chunks.next()) yield next.value;
  } finally {
    await chunks.return?.();
  }
}
