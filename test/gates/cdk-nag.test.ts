import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Validations } from 'aws-cdk-lib';
import type { NagPack } from 'cdk-nag';
import { AwsSolutionsChecks, NIST80053R5Checks } from 'cdk-nag';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type FixtureApp, inNewFolder } from '../lib/fixture-app.ts';
import { checkedApp, type Finding, needless, resourcesOf } from './checked-app.ts';

const { folder, remove } = inNewFolder();
let deployed: FixtureApp;
let everything: FixtureApp;

beforeAll(() => {
  deployed = checkedApp(`${folder}/deployed`, 'as-deployed');
  everything = checkedApp(`${folder}/everything`, 'all-findings');
});
afterAll(remove);

const packs = (fixture: FixtureApp): readonly NagPack[] => [
  new AwsSolutionsChecks(fixture.app),
  new NIST80053R5Checks(fixture.app),
];

function findings(fixture: FixtureApp): readonly Finding[] {
  const resources = new Map(resourcesOf(fixture).map((entry) => [entry.resource.node.path, entry]));
  return packs(fixture).flatMap((pack) =>
    pack.validateScope(fixture.app).violations.flatMap(({ ruleName, violatingResources }) =>
      violatingResources.map(({ constructPath }) => {
        const { stack = '', logicalId = '' } = resources.get(constructPath ?? '') ?? {};
        return { rule: ruleName, stack, logicalId };
      }),
    ),
  );
}

test('AwsSolutions and NIST 800-53 R5 find nothing that is not acknowledged', () => {
  expect(findings(deployed)).toEqual([]);
});

test('whoever adds these packs to the app synthesizes without a violation', () => {
  Validations.of(deployed.app).addPlugins(...packs(deployed));
  const reports = readFileSync(join(deployed.app.synth().directory, 'validation-report.json'), 'utf8');
  expect(JSON.parse(reports)).toMatchObject({ pluginReports: [] });
});

test('every acknowledgement of a cdk-nag rule is still needed', () => {
  expect(needless('cdk-nag', everything, findings(everything))).toEqual([]);
});
