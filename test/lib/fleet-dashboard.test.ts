import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { afterAll, describe, expect, test } from 'vitest';
import { METRICS } from '../../contracts/metrics.ts';
import { parsePlatform } from '../../contracts/model-config.ts';
import { FleetDashboard } from '../../lib/fleet-dashboard.ts';
import { ModelStack } from '../../lib/model-stack.ts';
import { fixtureApp, fixtureModel, inNewFolder } from './fixture-app.ts';

const { folder, remove } = inNewFolder();
afterAll(remove);

/** The dashboards of a fleet: name and body, references left in as text. */
function dashboards(models: number): readonly { readonly name: unknown; readonly body: string }[] {
  const names = Array.from({ length: models }, (_, index) => ({ ...fixtureModel, name: `model-${index}` }));
  const stack = new Stack(new App({ analyticsReporting: false }), 'Fleet');
  new FleetDashboard(stack, 'FleetDashboard', { config: parsePlatform({ models: names }) });
  const found = Template.fromStack(stack).findResources('AWS::CloudWatch::Dashboard');
  return Object.values(found).map(({ Properties }) => ({
    name: Properties.DashboardName,
    body: JSON.stringify(Properties.DashboardBody),
  }));
}

describe('the fleet’s dashboard', () => {
  test('draws every custom metric of every model', () => {
    const [fleet] = dashboards(2);
    for (const metric of Object.keys(METRICS))
      for (const model of ['model-0', 'model-1']) expect(fleet?.body).toMatch(new RegExp(`${metric}[^\\]]*${model}`));
  });

  test('is one for up to three hundred models, and stays within 2 500 metrics whatever the fleet', () => {
    const large = dashboards(301);
    expect(large.map(({ name }) => name)).toEqual(['modelway-fleet', 'modelway-fleet-2']);
    const metrics = large.map(({ body }) => body.split('label').length - 1);
    expect(metrics).toEqual([300 * 8, 8]);
    expect(Math.max(...metrics)).toBeLessThanOrEqual(2500);
    expect(large[1]?.body).toContain('model-300');
  });
});

test('a model has a dashboard of its own only where the platform asks for one', () => {
  const { app, platform, models } = fixtureApp(folder);
  const [without] = models;
  const model = parsePlatform({ models: [fixtureModel] }).models[0];
  if (without === undefined || model?.serving.kind !== 'realtime') throw new Error('the fixture has a model');
  const own = new ModelStack(app, 'own', {
    stackName: 'own',
    platform: 'modelway',
    runbookUrl: 'https://docs.example/runbook',
    dashboard: true,
    model,
    serving: model.serving,
    shared: platform.shared,
    sourceBundle: join(folder, 'source.tar.gz'),
  });
  Template.fromStack(without).resourceCountIs('AWS::CloudWatch::Dashboard', 0);
  Template.fromStack(own).hasResourceProperties('AWS::CloudWatch::Dashboard', {
    DashboardName: 'modelway-model-late',
  });
});
