import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { ROOT, textOf } from './checkout.ts';

/** Licences that ask for nothing but their notice, and MPL, whose files stay as they are. */
const ALLOWED = new Set([
  ...['MIT', 'ISC', 'Apache-2.0', '0BSD', 'BSD-2-Clause', 'BSD-3-Clause', 'BlueOak-1.0.0', 'MPL-2.0'],
  ...['Zlib', 'CC0-1.0', 'PSF-2.0', 'Unlicense'],
]);

/** Older Python packages write their licence in words. */
const IN_WORDS = /^(MIT|The MIT|BSD|Apache|PSF|Python Software Foundation|Unlicense|Dual License)/;

const LockSchema = z.object({
  packages: z.record(z.string(), z.object({ license: z.string().optional() })),
});

/** A licence expression is fine when one of its alternatives is, and all parts of that one are. */
function isAllowed(expression: string): boolean {
  return expression
    .replaceAll(/[()]/g, '')
    .split(' OR ')
    .some((choice) => choice.split(' AND ').every((licence) => ALLOWED.has(licence.trim())));
}

const LIST_PYTHON = `
import json
from importlib.metadata import distributions
print(json.dumps([[d.metadata["Name"], d.metadata.get("License-Expression") or "", d.metadata.get("License") or "",
  [c.split("::")[-1].strip() for c in d.metadata.get_all("Classifier") or [] if c.startswith("License ::")]] for d in distributions()]))
`;
const PythonSchema = z.array(z.tuple([z.string(), z.string(), z.string(), z.array(z.string())]));

describe('the licences of what we depend on', () => {
  test('are permissive for every npm package of the lock file', () => {
    const packages = Object.entries(LockSchema.parse(JSON.parse(textOf('package-lock.json'))).packages);
    expect(packages.length).toBeGreaterThan(100);
    const refused = packages.filter(([path, { license }]) => path !== '' && !isAllowed(license ?? ''));
    expect(refused.map(([path, { license }]) => `${path}: ${license}`)).toEqual([]);
  });

  test.each(['emulator', 'container'])(
    'are permissive for every Python package of the environment %s',
    (environment) => {
      const python = join(ROOT, '.venvs', environment, 'bin', 'python');
      const packages = PythonSchema.parse(JSON.parse(execFileSync(python, ['-c', LIST_PYTHON], { encoding: 'utf8' })));
      expect(packages.length).toBeGreaterThan(5);
      const refused = packages.filter(
        ([, expression, words, classifiers]) =>
          !isAllowed(expression) && !IN_WORDS.test(words.trim()) && !classifiers.some((words) => IN_WORDS.test(words)),
      );
      expect(refused).toEqual([]);
    },
  );

  test('would refuse a copyleft licence, and one that is not stated', () => {
    expect(['GPL-3.0-or-later', 'MIT AND AGPL-3.0-only', '', 'UNLICENSED'].some(isAllowed)).toBe(false);
    expect(isAllowed('(MIT OR GPL-3.0-or-later)')).toBe(true);
  });
});
