import { createHash } from 'node:crypto';

/** SHA-256 of everything that comes, hexadecimal. */
export async function streamSha256(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of chunks) hash.update(chunk);
  return hash.digest('hex');
}
