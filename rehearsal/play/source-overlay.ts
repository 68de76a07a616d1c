import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * A source bundle with the files of `folder` laid over it: how a data scientist tries changed code without a deployment.
 * @param bundle the deployed bundle, a `tar.gz`
 * @returns a `tar.gz` of the same layout
 */
export async function overlaySource(bundle: Uint8Array, folder: string): Promise<Uint8Array> {
  const work = await mkdtemp(path.join(tmpdir(), 'modelway-source-'));
  try {
    const packed = path.join(work, 'bundle.tar.gz');
    const unpacked = await mkdtemp(path.join(work, 'files-'));
    await writeFile(packed, bundle);
    await run('tar', ['-xzf', packed, '-C', unpacked]);
    await cp(folder, unpacked, { recursive: true, filter: (source) => !source.includes('__pycache__') });
    await run('tar', ['-czf', packed, '-C', unpacked, '.']);
    return await readFile(packed);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}
