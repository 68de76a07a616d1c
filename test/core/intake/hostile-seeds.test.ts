import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { HOSTILE_SCHEMA, hostileFile } from '../../../bench/hostile-file.ts';
import { outcomeProblem } from '../../../bench/hostile-outcome.ts';
import { FileReportSchema } from '../../../contracts/findings.ts';
import { intakeForTests } from './take-file.ts';

/** Ten thousand of them: `npm run bench -- intake-hostile`. */
const FILES = 154;
/** These take long to make or unpack; the benchmark has them. */
const LARGE = /bomb|20 MB|10 MB/;

const intake = intakeForTests();

test('damaged, hostile and harmless files get the report they deserve', async () => {
  const rows = Array.from({ length: 60 }, (_, row) => `id${row},${row},2001-01-01,red,note ${row},${row % 2 === 0}`);
  const { accepted } = await intake.take(
    HOSTILE_SCHEMA,
    'f.csv',
    ['id,amount,at,colour,note,late', ...rows].join('\n'),
  );
  const parquet = readFileSync(accepted?.parts[0]?.path ?? '');
  const problems: string[] = [];
  const outcomes = new Set<string>();
  for (let seed = 0; seed < FILES; seed++) {
    const { what, name, bytes, expected } = hostileFile(seed, parquet);
    if (LARGE.test(what)) continue;
    const { report } = await intake.take(HOSTILE_SCHEMA, name, bytes);
    expect(FileReportSchema.safeParse(report).success).toBe(true);
    outcomes.add(expected.outcome);
    const problem = outcomeProblem(expected, report);
    if (problem !== undefined) problems.push(`seed ${seed}, ${what}: ${problem}`);
  }
  expect(problems).toEqual([]);
  expect([...outcomes].sort()).toEqual(['accepted', 'fault', 'refused', 'report']);
});

test('a report that does not say what it must is seen', () => {
  const report = FileReportSchema.parse({
    file: 'f',
    verdict: 'accepted',
    rows: { read: 2, accepted: 2, quarantined: 0 },
    findingsTotal: 0,
    findings: [],
  });
  expect(outcomeProblem({ outcome: 'accepted', rows: 2 }, report)).toBeUndefined();
  expect(outcomeProblem({ outcome: 'accepted', rows: 3 }, report)).toContain('2 rows');
  expect(outcomeProblem({ outcome: 'refused' }, report)).toBe('accepted');
  expect(outcomeProblem({ outcome: 'fault', row: 1, column: 'id', rule: 'type' }, report)).toContain('row 1');
  expect(
    outcomeProblem({ outcome: 'report' }, { ...report, rows: { read: 3, accepted: 2, quarantined: 0 } }),
  ).toContain('of 3 rows');
});
