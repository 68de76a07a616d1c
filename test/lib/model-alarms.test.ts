import { Template } from 'aws-cdk-lib/assertions';
import { afterAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { MONITORING_ALARMS } from '../../contracts/names.ts';
import { fixtureApp, inNewFolder } from './fixture-app.ts';

const { folder, remove } = inNewFolder();
afterAll(remove);

const AlarmSchema = z.object({
  Properties: z.object({
    AlarmName: z.string(),
    MetricName: z.string().optional(),
    Period: z.number().optional(),
    Threshold: z.number(),
    TreatMissingData: z.string(),
    Metrics: z.array(z.object({ Expression: z.string().optional(), MetricStat: z.unknown().optional() })).optional(),
  }),
});
const [stack] = fixtureApp(folder).models;
if (stack === undefined) throw new Error('the fixture has a model');
const alarms = new Map(
  Object.values(Template.fromStack(stack).findResources('AWS::CloudWatch::Alarm')).map((alarm) => {
    const { Properties } = AlarmSchema.parse(alarm);
    return [Properties.AlarmName.replace('modelway-late-', ''), Properties] as const;
  }),
);

/** What the alarm compares with its threshold, for a value of `QualityFindings`. */
function found(kind: string, value: number): unknown {
  const expression = alarms.get(kind)?.Metrics?.find((metric) => metric.Expression !== undefined)?.Expression ?? '';
  const sum = expression.replaceAll('FLOOR', 'Math.floor').replaceAll(/\bfound\b/g, String(value));
  return new Function(`return ${sum}`)();
}

describe('the alarms on monitoring', () => {
  test('are charged for one metric each', () => {
    for (const kind of MONITORING_ALARMS) {
      const metrics = alarms.get(kind)?.Metrics?.filter((metric) => metric.MetricStat !== undefined);
      expect(metrics?.length ?? 1).toBe(1);
    }
  });

  test('keep their state between two windows, but for failures, which pass', () => {
    const treatments = MONITORING_ALARMS.map((kind) => [kind, alarms.get(kind)?.TreatMissingData]);
    expect(treatments).toEqual([
      ['drift', 'ignore'],
      ['quality', 'ignore'],
      ['concept-drift', 'ignore'],
      ['fairness', 'ignore'],
      ['capture-gap', 'ignore'],
      ['monitor-late', 'notBreaching'],
    ]);
  });

  test.each([
    ['nothing found', 0, [0, 0, 0]],
    ['quality', 1, [1, 0, 0]],
    ['concept drift', 2, [0, 1, 0]],
    ['fairness', 4, [0, 0, 1]],
    ['a business target missed', 8, [8, 0, 0]],
    ['everything at once', 15, [9, 1, 1]],
  ])('%s sets off just its own alarms', (_, value, [quality, concept, fairness]) => {
    expect([found('quality', value), found('concept-drift', value), found('fairness', value)]).toEqual([
      quality,
      concept,
      fairness,
    ]);
  });

  test('go off for any value above zero', () => {
    for (const kind of MONITORING_ALARMS) expect(alarms.get(kind)?.Threshold).toBe(0);
  });
});
