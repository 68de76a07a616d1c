import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { inNewFolder } from './fixture-app.ts';

const root = join(import.meta.dirname, '..', '..');
const { folder, remove } = inNewFolder();
afterAll(remove);

/** Synthesizes the app as `cdk.json` does, where there is neither Docker nor a credential nor a home. */
function synthesize(name: string): {
  readonly code: number | null;
  readonly errors: string;
  readonly assembly: string;
} {
  const assembly = join(folder, name);
  const { status, stderr } = spawnSync('sh', ['bin/node', 'bin/app.ts'], {
    cwd: root,
    encoding: 'utf8',
    env: { PATH: `/usr/bin:/bin:${dirname(process.execPath)}`, HOME: folder, CDK_OUTDIR: assembly },
  });
  return { code: status, errors: stderr, assembly };
}

const hashes = (assembly: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    readdirSync(assembly)
      .filter((file) => file.endsWith('.json') || file.endsWith('.gz'))
      .map((file) => [
        file,
        createHash('sha256')
          .update(readFileSync(join(assembly, file)))
          .digest('hex'),
      ]),
  );

describe('the app', () => {
  test('synthesizes without Docker and without credentials, twice to the same bytes, and says nothing', () => {
    const [first, second] = [synthesize('first'), synthesize('second')];
    expect([first.code, first.errors, second.code]).toEqual([0, '', 0]);
    expect(Object.keys(hashes(first.assembly))).toEqual(
      expect.arrayContaining([
        'modelway-platform.template.json',
        'modelway-flight-delay.template.json',
        'manifest.json',
      ]),
    );
    expect(hashes(second.assembly)).toEqual(hashes(first.assembly));
  });
});
