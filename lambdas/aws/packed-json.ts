import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import type { z } from 'zod';
import { parseOrThrow } from '../../contracts/problems.ts';
import type { Lake } from './lake.ts';

const [pack, unpack] = [promisify(gzip), promisify(gunzip)];

/** Writes a value as gzipped JSON; equal values give equal bytes. */
export async function putPacked(lake: Lake, key: string, value: unknown): Promise<void> {
  await lake.putBytes(key, await packed(value), 'application/gzip');
}

/** A value as gzipped JSON. */
export const packed = (value: unknown): Promise<Buffer> => pack(JSON.stringify(value));

/**
 * Reads what `putPacked` wrote.
 * @throws ModelwayError `unreadable-object` when it is not of the schema's shape
 */
export async function getPacked<T>(lake: Lake, key: string, schema: z.ZodType<T>): Promise<T> {
  const text = (await unpack(await lake.getBytes(key))).toString('utf8');
  return parseOrThrow(schema, JSON.parse(text), 'unreadable-object');
}
