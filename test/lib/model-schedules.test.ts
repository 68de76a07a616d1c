import { Match, Template } from 'aws-cdk-lib/assertions';
import { afterAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { ModelConfigInput } from '../../contracts/model-config.ts';
import { ReconcileRequestSchema } from '../../contracts/reconciliation.ts';
import { windowBefore } from '../../core/drift/window.ts';
import { monitoringCron } from '../../lib/model-schedules.ts';
import { fixtureApp, fixtureModel, inNewFolder } from './fixture-app.ts';

const { folder, remove } = inNewFolder();
afterAll(remove);

/** Models whose windows and training are timed differently, in one app: synthesizing takes time. */
const MODELS: readonly ModelConfigInput[] = [
  { ...fixtureModel, name: 'plain' },
  { ...fixtureModel, name: 'hourly', monitoring: { every: 'hour', lagMinutes: 20 } },
  { ...fixtureModel, name: 'own-time', monitoring: { every: 'hour', schedule: 'cron(0 6 * * ? *)' } },
  { ...fixtureModel, name: 'rarely', monitoring: { every: 'week', reconcileEvery: 'day', lagMinutes: 60 } },
  { ...fixtureModel, name: 'sundays', retraining: { schedule: 'cron(0 3 ? * SUN *)' } },
];
const stacks = new Map(fixtureApp(folder, MODELS).models.map((stack) => [stack.stackName, stack]));

function templateOf(model: string): Template {
  const stack = stacks.get(`modelway-${model}`);
  if (stack === undefined) throw new Error(`the fixture has no model ${model}`);
  return Template.fromStack(stack);
}

test.each([
  ['hour', 15, 0, 'cron(15 * * * ? *)'],
  ['hour', 90, 0, 'cron(30 * * * ? *)'],
  ['hour', 30, 37, 'cron(7 * * * ? *)'],
  ['day', 30, 0, 'cron(30 0 * * ? *)'],
  ['day', 720, 39, 'cron(39 12 * * ? *)'],
  ['week', 60, 0, 'cron(0 1 ? * MON *)'],
] as const)('a window of one %s is judged %i and %i minutes after it closes: %s', (every, lagMinutes, later, cron) => {
  expect(monitoringCron({ every, lagMinutes }, later)).toBe(cron);
});

describe('the schedules of a model', () => {
  const SchedulesSchema = z.record(
    z.string(),
    z.object({ Properties: z.object({ ScheduleExpression: z.string(), Target: z.object({ Input: z.string() }) }) }),
  );

  test('count every hour over, whatever the windows are, where the config says nothing else', () => {
    const counting = (model: string, cron: string, length: string) =>
      templateOf(model).hasResourceProperties('AWS::Scheduler::Schedule', {
        ScheduleExpression: cron,
        Target: { Input: Match.stringLikeRegexp(`"countEvery":"${length}"`) },
      });
    counting('plain', 'cron(0 * * * ? *)', 'hour');
    counting('own-time', 'cron(0 * * * ? *)', 'hour');
    counting('rarely', 'cron(30 1 * * ? *)', 'day');
  });

  test('count a window over half an hour after its verdict was due, by a function and with a queue for what fails', () => {
    const template = templateOf('hourly');
    template.hasResourceProperties('AWS::Scheduler::Schedule', {
      ScheduleExpression: 'cron(50 * * * ? *)',
      Target: {
        Arn: Match.objectLike({ 'Fn::Join': ['', Match.arrayWith([':function:modelway-reconcile'])] }),
        DeadLetterConfig: Match.anyValue(),
      },
    });
    const schedules = Object.values(SchedulesSchema.parse(template.findResources('AWS::Scheduler::Schedule')));
    const [input = ''] = schedules
      .map(({ Properties }) => Properties.Target.Input)
      .filter((text) => text.includes('delay'));
    const request = ReconcileRequestSchema.parse(
      JSON.parse(input.replace('<aws.scheduler.scheduled-time>', '2001-05-01T13:50:00Z')),
    );
    expect(request).toMatchObject({ columns: ['at', 'distance'], every: 'hour', countEvery: 'hour' });
    const due = new Date(Date.parse(request.scheduledAt) - request.delayMinutes * 60_000);
    expect(windowBefore(due, request)).toEqual({ from: '2001-05-01T12:00:00.000Z', to: '2001-05-01T13:00:00.000Z' });
  });

  test('judge at times of the model’s own, and miss no verdict then', () => {
    const template = templateOf('own-time');
    template.hasResourceProperties('AWS::Scheduler::Schedule', { ScheduleExpression: 'cron(0 6 * * ? *)' });
    template.hasResourceProperties('AWS::Scheduler::Schedule', {
      Target: { Input: Match.stringLikeRegexp('"expectsVerdict":false') },
    });
  });

  test('ask whether to train only where the policy has a schedule', () => {
    templateOf('plain').resourceCountIs('AWS::Scheduler::Schedule', 2);
    const template = templateOf('sundays');
    template.hasResourceProperties('AWS::Scheduler::Schedule', {
      ScheduleExpression: 'cron(0 3 ? * SUN *)',
      Target: { Input: '{"trigger":"schedule","cause":"the schedule cron(0 3 ? * SUN *)"}' },
    });
  });
});
