import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Duck, openDuck } from '../core/duckdb.ts';

/** Lends a database for one command, and takes away what it wrote. */
export async function withDuck<T>(act: (duck: Duck, folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'modelway-cli-'));
  const duck = await openDuck({ folder });
  try {
    return await act(duck, folder);
  } finally {
    duck.close();
    await rm(folder, { recursive: true, force: true });
  }
}
