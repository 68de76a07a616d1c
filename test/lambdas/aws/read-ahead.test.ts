import { describe, expect, test } from 'vitest';
import { type ReadObject, readAhead } from '../../../lambdas/aws/read-ahead.ts';
import { memoryLake } from '../memory-lake.ts';

/** A lake of numbered objects of three chunks each, which tells what was asked for and let go, in order. */
function chunkedLake(failing?: string) {
  const events: string[] = [];
  const lake = {
    ...memoryLake(),
    stream: async function* (key: string) {
      events.push(`open ${key}`);
      try {
        if (key === failing) throw new Error(`no object ${key}`);
        for (const part of [1, 2, 3]) yield Buffer.from(`${key}.${part}`);
      } finally {
        events.push(`close ${key}`);
      }
    },
  };
  return { lake, events };
}

const KEYS = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];

async function textsOf(files: AsyncIterable<ReadObject>): Promise<string[]> {
  const texts: string[] = [];
  for await (const { content } of files) for await (const chunk of content) texts.push(Buffer.from(chunk).toString());
  return texts;
}

describe('reading objects ahead', () => {
  test('gives every chunk of every object, in order', async () => {
    const { lake, events } = chunkedLake();
    expect(await textsOf(readAhead(KEYS, lake))).toEqual(
      KEYS.flatMap((key) => [1, 2, 3].map((part) => `${key}.${part}`)),
    );
    expect(events.filter((event) => event.startsWith('close'))).toHaveLength(KEYS.length);
  });

  test('has asked for four more when the first is read, and no others', async () => {
    const { lake, events } = chunkedLake();
    const files = readAhead(KEYS, lake);
    await files.next();
    expect(events).toEqual(['open a', 'open b', 'open c', 'open d', 'open e']);
    await files.return(undefined);
    expect(events.filter((event) => event.startsWith('close')).sort()).toEqual([
      'close b',
      'close c',
      'close d',
      'close e',
    ]);
  });

  test('tells of an object that cannot be read when its turn comes, and lets the others go', async () => {
    const { lake, events } = chunkedLake('c');
    await expect(textsOf(readAhead(KEYS, lake))).rejects.toThrow('no object c');
    expect(events.filter((event) => event.startsWith('close')).length).toBe(
      events.filter((event) => event.startsWith('open')).length,
    );
  });

  test('of nothing is nothing', async () => {
    expect(await textsOf(readAhead([], chunkedLake().lake))).toEqual([]);
  });
});
