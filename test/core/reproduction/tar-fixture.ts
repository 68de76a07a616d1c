import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

/** Packs members of a folder with the system's tar, in the order given. */
export function tarOf(folder: string, members: readonly string[], options: readonly string[] = []): Buffer {
  const archive = join(folder, '..', `packed-${Math.abs(hashOf([...members, ...options].join()))}.tar.gz`);
  const done = spawnSync('tar', ['-czf', archive, ...options, '-C', folder, ...members], { encoding: 'utf8' });
  if (done.status !== 0) throw new Error(done.stderr);
  return readFileSync(archive);
}

const hashOf = (text: string): number => [...text].reduce((hash, char) => (hash * 31 + char.charCodeAt(0)) | 0, 7);

/** One entry of a handmade archive, for what no tar would write. */
export interface Entry {
  readonly name: string;
  readonly body?: string;
  readonly type?: string;
  readonly size?: string;
}

/** A handmade ustar archive, gzipped. */
export function handmade(entries: readonly Entry[], end = true): Buffer {
  const blocks = entries.flatMap(({ name, body = '', type = '0', size }) => {
    const bytes = Buffer.from(body);
    const header = Buffer.alloc(512);
    header.write(name, 0);
    header.write('0000644\0', 100);
    header.write(size ?? `${bytes.length.toString(8).padStart(11, '0')}\0`, 124, 'latin1');
    header.write('        ', 148);
    header.write(type, 156);
    header.write('ustar\x0000', 257, 'latin1');
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
    return [header, bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)];
  });
  return gzipSync(Buffer.concat(end ? [...blocks, Buffer.alloc(1024)] : blocks));
}

/** Bytes as a stream of uneven chunks. */
export async function* chunks(bytes: Uint8Array, size = 977): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
