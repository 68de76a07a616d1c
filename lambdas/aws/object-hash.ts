import { createHash } from 'node:crypto';
import type { Lake } from './lake.ts';

/** SHA-256 of an object, hex, read as a stream; null when there is none. The caller needs the right to list. */
export async function objectHash(lake: Lake, key: string): Promise<string | null> {
  const hash = createHash('sha256');
  try {
    for await (const bytes of lake.stream(key)) hash.update(bytes);
  } catch (error) {
    if (error instanceof Error && error.name === 'NoSuchKey') return null;
    throw error;
  }
  return hash.digest('hex');
}
