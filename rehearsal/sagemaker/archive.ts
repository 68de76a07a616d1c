import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { createGzip } from 'node:zlib';
import { JobFailure } from './service-error.ts';

/** Fast rather than small: the archive goes to a store in memory and back. */
const GZIP_LEVEL = 1;

/** Packs the content of a folder as `tar.gz`. */
export async function packFolder(folder: string): Promise<Buffer> {
  const tar = spawn('tar', ['-cf', '-', '-C', folder, '.'], { stdio: ['ignore', 'pipe', 'pipe'] });
  const failure = collectText(tar.stderr);
  const zipped: Buffer[] = [];
  const closed = once(tar, 'close');
  for await (const chunk of tar.stdout.pipe(createGzip({ level: GZIP_LEVEL }))) zipped.push(Buffer.from(chunk));
  const [code] = await closed;
  if (code !== 0) throw new Error(`tar cannot pack ${folder}: ${await failure}`);
  return Buffer.concat(zipped);
}

/** Unpacks a `tar.gz` into a folder, which is made. @throws JobFailure when it is no such archive */
export async function unpackInto(archive: Uint8Array, folder: string, what: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const tar = spawn('tar', ['-xzf', '-', '-C', folder], { stdio: ['pipe', 'ignore', 'pipe'] });
  const failure = collectText(tar.stderr);
  // A tar that gives up early closes its input; its exit code says so.
  tar.stdin.on('error', () => undefined);
  tar.stdin.end(archive);
  const [code] = await once(tar, 'close');
  if (code !== 0) throw new JobFailure(`ClientError: ${what} is not a readable tar.gz: ${(await failure).trim()}`);
}

async function collectText(stream: AsyncIterable<unknown>): Promise<string> {
  let text = '';
  for await (const chunk of stream) text += String(chunk);
  return text;
}
