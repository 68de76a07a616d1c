import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { ROOMS } from '../../scripts/checks.ts';
import { projectFiles, ROOT } from './checkout.ts';

const ResultSchema = z.object({
  modules: z.array(z.object({ source: z.string() })),
  summary: z.object({
    violations: z.array(z.object({ from: z.string(), to: z.string(), rule: z.object({ name: z.string() }) })),
  }),
});

function cruise(folder: string, files: readonly string[]): z.infer<typeof ResultSchema> {
  const config = join(ROOT, '.dependency-cruiser.mjs');
  const bin = join(ROOT, 'node_modules', '.bin', 'depcruise');
  const args = ['--config', config, '--output-type', 'json', '--no-progress', ...files];
  return ResultSchema.parse(
    JSON.parse(execFileSync(bin, args, { cwd: folder, encoding: 'utf8', maxBuffer: 200_000_000 })),
  );
}

describe('the import rules', () => {
  test('see every TypeScript file of the rooms', () => {
    const files = projectFiles().filter((file) => file.endsWith('.ts') && ROOMS.includes(file.split('/')[0] ?? ''));
    const seen = new Set(cruise(ROOT, ROOMS).modules.map((module) => module.source));
    expect(files.length).toBeGreaterThan(100);
    expect(files.filter((file) => !seen.has(file))).toEqual([]);
  });

  const folder = mkdtempSync(join(tmpdir(), 'modelway-imports-'));
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });
  const BREACHES: Readonly<Record<string, readonly [file: string, text: string]>> = {
    'contracts-imports': ['contracts/a.ts', "import '../core/x.ts';"],
    'core-imports': ['core/a.ts', "import 'node:net';"],
    'core-edges': ['core/f.ts', "import 'node:fs';"],
    'lambdas-imports': ['lambdas/a/handler.ts', "import '../../lib/x.ts';"],
    'lib-imports': ['lib/a.ts', "import '../lambdas/b/x.ts';"],
    'rehearsal-imports': ['rehearsal/a.ts', "import '../lib/x.ts';"],
    'cli-imports': ['cli/a.ts', "import '../lib/x.ts';"],
    'examples-imports': ['examples/a.ts', "import '../core/x.ts';"],
    'no-cycle': ['core/b.ts', "import './c.ts';"],
    resolvable: ['core/d.ts', "import './nowhere.ts';"],
    'not-another-handler': ['lambdas/c/handler.ts', "import '../b/x.ts';"],
    'bin-is-thin': ['bin/a.ts', "import '../core/x.ts';"],
    'test-is-last': ['core/e.ts', "import '../test/x.ts';"],
  };

  test('find a breach of each rule, type-only imports included', () => {
    const write = (file: string, text: string) => {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), `${text}\n`);
    };
    symlinkSync(join(ROOT, 'tsconfig.json'), join(folder, 'tsconfig.json'));
    for (const file of ['core/x.ts', 'lib/x.ts', 'lambdas/b/x.ts', 'test/x.ts']) write(file, 'export type X = string;');
    write('core/c.ts', "import './b.ts';");
    write('core/types-only.ts', "import type { X } from '../lib/x.ts';\nexport type Y = X;");
    for (const [file, text] of Object.values(BREACHES)) write(file, text);
    const { violations } = cruise(folder, [
      'contracts',
      'core',
      'lambdas',
      'lib',
      'rehearsal',
      'cli',
      'examples',
      'bin',
    ]).summary;
    const found = (rule: string, from: string) =>
      violations.some((violation) => violation.rule.name === rule && violation.from === from);
    const missed = Object.entries(BREACHES).filter(([rule, [file]]) => !found(rule, file));
    expect(missed).toEqual([]);
    expect(found('core-imports', 'core/types-only.ts')).toBe(true);
    expect(violations.every((violation) => violation.from !== 'core/x.ts')).toBe(true);
  });
});
