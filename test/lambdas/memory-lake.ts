import { readFile, writeFile } from 'node:fs/promises';
import type { Lake } from '../../lambdas/aws/lake.ts';

/** A lake in memory, with what tests look at: the objects by key, and every write in order. */
export interface MemoryLake extends Lake {
  readonly objects: Map<string, Uint8Array>;
  readonly writes: string[];
  text(key: string): string;
}

/**
 * A lake in memory. A version of an object is kept under `key?versionId`. `beforeWrite`, when given, is called before each write,
 * so that a test can make a handler die at any of them.
 */
export function memoryLake(options: { beforeWrite?: (key: string) => void } = {}): MemoryLake {
  const objects = new Map<string, Uint8Array>();
  const writes: string[] = [];
  const read = (key: string): Uint8Array => {
    const bytes = objects.get(key);
    if (bytes === undefined) throw Object.assign(new Error(`no object ${key}`), { name: 'NoSuchKey' });
    return bytes;
  };
  const write = (key: string, bytes: Uint8Array) => {
    options.beforeWrite?.(key);
    writes.push(key);
    objects.set(key, bytes);
  };
  return {
    objects,
    writes,
    text: (key) => Buffer.from(read(key)).toString('utf8'),
    getText: async (key) => Buffer.from(read(key)).toString('utf8'),
    getBytes: async (key) => read(key),
    putText: async (key, body) => write(key, Buffer.from(body)),
    putBytes: async (key, body) => write(key, body),
    putFile: async (key, path) => write(key, await readFile(path)),
    download: async (key, path, versionId) =>
      writeFile(path, read(versionId === undefined ? key : `${key}?${versionId}`)),
    list: async (prefix, range) =>
      [...objects]
        .filter(([key]) => key.startsWith(prefix))
        .filter(([key]) => range === undefined || (key > range.after && key < range.before))
        .map(([key, bytes]) => ({ key, size: bytes.length }))
        .sort((a, b) => (a.key < b.key ? -1 : 1)),
    stream: async function* (key, versionId) {
      yield read(versionId === undefined ? key : `${key}?${versionId}`);
    },
    exists: async (key) => objects.has(key),
    slice: async function* ({ key, versionId }, from, to) {
      yield read(`${key}?${versionId}`).subarray(from, to);
    },
    copy: async ({ key, versionId }, _bytes, to) =>
      write(to, read(versionId === undefined ? key : `${key}?${versionId}`)),
  };
}
