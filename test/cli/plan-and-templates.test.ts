import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { parsePlatform } from '../../contracts/model-config.ts';
import { planPlatform } from '../../core/cost/plan-platform.ts';
import { type FixtureApp, fixtureApp, fixtureModel } from '../lib/fixture-app.ts';

/** What a plan calls a resource, and what CloudFormation does. */
const TYPES: Readonly<Record<string, string>> = {
  'Lambda functions': 'AWS::Lambda::Function',
  'buckets (lake, audit, access logs)': 'AWS::S3::Bucket',
  'KMS keys': 'AWS::KMS::Key',
  'lineage table': 'AWS::DynamoDB::Table',
  'alert topic': 'AWS::SNS::Topic',
  'alarm (undelivered events)': 'AWS::CloudWatch::Alarm',
  dashboard: 'AWS::CloudWatch::Dashboard',
  'state machines': 'AWS::StepFunctions::StateMachine',
  alarms: 'AWS::CloudWatch::Alarm',
  'composite alarm': 'AWS::CloudWatch::CompositeAlarm',
  'model package group': 'AWS::SageMaker::ModelPackageGroup',
};
/** Not resources of a template: they appear when somebody emits them. */
const NOT_IN_TEMPLATES = ['custom metrics'];

const AlarmSchema = z.object({
  Properties: z.object({ Metrics: z.array(z.object({ MetricStat: z.unknown().optional() })).optional() }),
});

describe('a plan', () => {
  const folder = mkdtempSync(join(tmpdir(), 'modelway-plan-'));
  const plan = planPlatform(parsePlatform({ models: [fixtureModel] }));
  let app: FixtureApp;
  beforeAll(() => {
    app = fixtureApp(folder);
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  const resources = (stack: Stack, type: string) => Object.values(Template.fromStack(stack).findResources(type));

  test('counts what the templates hold', () => {
    const [model] = app.models;
    const [planned] = plan.models;
    if (model === undefined || planned === undefined) throw new Error('the fixture has a model');
    for (const [stack, counted] of [
      [app.platform, plan.platform.resources],
      [model, planned.resources],
    ] as const)
      for (const { what, count } of counted.filter((resource) => !NOT_IN_TEMPLATES.includes(resource.what)))
        expect(resources(stack, TYPES[what] ?? what).length, what).toBe(count);
  });

  test('charges every metric that an alarm of the templates looks at', () => {
    const metrics = (stack: Stack) =>
      resources(stack, 'AWS::CloudWatch::Alarm')
        .map(
          (alarm) =>
            AlarmSchema.parse(alarm).Properties.Metrics?.filter((metric) => metric.MetricStat !== undefined).length ??
            1,
        )
        .reduce((total, count) => total + count, 0);
    const charged = (lines: (typeof plan)['platform']['idle']) =>
      lines.find((line) => line.what === 'alarm metrics')?.quantity;
    expect(charged(plan.platform.idle)).toBe(metrics(app.platform));
    expect(charged(plan.models[0]?.idle ?? [])).toBe(
      app.models.map(metrics).reduce((total, count) => total + count, 0),
    );
  });
});
