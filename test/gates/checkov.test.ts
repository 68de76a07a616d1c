import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { type FixtureApp, inNewFolder } from '../lib/fixture-app.ts';
import { checkedApp, type Finding, lintTool, needless } from './checked-app.ts';

const ReportSchema = z.object({
  results: z.object({
    failed_checks: z.array(z.object({ check_id: z.string(), resource: z.string(), file_path: z.string() })),
  }),
  summary: z.object({ passed: z.number(), parsing_errors: z.number() }),
});

const { folder, remove } = inNewFolder();
let everything: FixtureApp;
let report: z.infer<typeof ReportSchema>;

beforeAll(() => {
  checkedApp(`${folder}/deployed`, 'as-deployed').app.synth();
  everything = checkedApp(`${folder}/everything`, 'all-findings');
  everything.app.synth();
  const run = spawnSync(
    lintTool('checkov'),
    ['--directory', folder, '--framework', 'cloudformation', '--output', 'json', '--compact', '--quiet'],
    // Without this it asks its maker for the newest version and for extra rules.
    {
      encoding: 'utf8',
      maxBuffer: 1e8,
      env: { ...process.env, CHECKOV_RUN_SCA_PACKAGE_SCAN: 'false', BC_SKIP_MAPPING: 'TRUE' },
    },
  );
  report = ReportSchema.parse(JSON.parse(run.stdout));
});
afterAll(remove);

const failed = (which: string) =>
  report.results.failed_checks.filter(({ file_path }) => file_path.startsWith(`/${which}/`));

test('checkov reads every template and finds nothing that is not acknowledged', () => {
  expect(report.summary.parsing_errors).toBe(0);
  expect(report.summary.passed).toBeGreaterThan(100);
  expect(failed('deployed')).toEqual([]);
});

test('every acknowledgement of a checkov rule is still needed', () => {
  const findings = failed('everything').map(
    ({ check_id, resource, file_path }): Finding => ({
      rule: check_id,
      stack: file_path.split('/').at(-1)?.replace('.template.json', '') ?? '',
      logicalId: resource.split('.').at(-1) ?? '',
    }),
  );
  expect(needless('checkov', everything, findings)).toEqual([]);
});
