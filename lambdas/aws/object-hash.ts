import { createHash } from 'node:crypto';
import type { Lake } from './lake.ts';

/**
 * SHA-256 of an object, hex, read as a stream; null when there is none. The caller needs the right to list the object's folder: where
 * that right is bound to a prefix, S3 answers "forbidden" for an object that is gone, and only a listing tells the two apart.
 */
export async function objectHash(lake: Lake, key: string): Promise<string | null> {
  const hash = createHash('sha256');
  try {
    for await (const bytes of lake.stream(key)) hash.update(bytes);
  } catch (error) {
    if (await lake.exists(key)) throw error;
    return null;
  }
  return hash.digest('hex');
}
