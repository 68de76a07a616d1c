import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** The checkout's root folder. */
export const ROOT = resolve(import.meta.dirname, '..', '..');

/** Files of the checkout that git knows or would know (not the ignored ones), relative to its root. */
export function projectFiles(): readonly string[] {
  const text = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
    cwd: ROOT,
    encoding: 'utf8',
    maxBuffer: 50_000_000,
  });
  return [...new Set(text.split('\n'))].filter((file) => file !== '' && existsSync(join(ROOT, file)));
}

/** The text of one file of the checkout. */
export function textOf(file: string): string {
  return readFileSync(join(ROOT, file), 'utf8');
}
