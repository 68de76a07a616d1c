import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { type FixtureApp, inNewFolder } from '../lib/fixture-app.ts';
import { checkedApp, type Finding, lintTool, needless, stacksOf } from './checked-app.ts';

const MatchSchema = z.array(
  z.object({
    Filename: z.string(),
    Level: z.string(),
    Message: z.string(),
    Rule: z.object({ Id: z.string() }),
    Location: z.object({ Path: z.array(z.union([z.string(), z.number()])).nullable() }),
  }),
);

const { folder, remove } = inNewFolder();
let everything: FixtureApp;
let matches: z.infer<typeof MatchSchema>;

beforeAll(() => {
  const deployed = checkedApp(`${folder}/deployed`, 'as-deployed');
  everything = checkedApp(`${folder}/everything`, 'all-findings');
  const templates = [deployed, everything].flatMap((fixture) => {
    const { directory } = fixture.app.synth();
    return stacksOf(fixture).map((stack) => `${directory}/${stack.stackName}.template.json`);
  });
  const run = spawnSync(lintTool('cfn-lint'), ['--format', 'json', '--regions', 'us-east-1', '--', ...templates], {
    encoding: 'utf8',
  });
  matches = MatchSchema.parse(JSON.parse(run.stdout));
});
afterAll(remove);

test('cfn-lint finds nothing that is not acknowledged, not even a warning', () => {
  expect(matches.filter(({ Filename }) => Filename.includes('/deployed/'))).toEqual([]);
});

test('every acknowledgement of a cfn-lint rule is still needed', () => {
  const findings = matches
    .filter(({ Filename }) => Filename.includes('/everything/'))
    .map(
      ({ Filename, Rule, Location }): Finding => ({
        rule: Rule.Id,
        stack: Filename.split('/').at(-1)?.replace('.template.json', '') ?? '',
        logicalId: String(Location.Path?.[1]),
      }),
    );
  expect(needless('cfn-lint', everything, findings)).toEqual([]);
});
