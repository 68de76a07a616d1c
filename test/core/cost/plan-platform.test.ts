import { describe, expect, test } from 'vitest';
import { type ModelConfigInput, parsePlatform } from '../../../contracts/model-config.ts';
import { PlanDocumentSchema } from '../../../contracts/plan.ts';
import { planPlatform } from '../../../core/cost/plan-platform.ts';
import { HOURS_PER_MONTH, INSTANCE_HOUR } from '../../../core/cost/price-list.ts';

const minimal: ModelConfigInput = {
  name: 'churn',
  data: {
    columns: [
      { name: 'age', kind: 'numeric' },
      { name: 'left', kind: 'boolean' },
    ],
    target: 'left',
  },
  training: { source: 'training', instances: ['ml.m5.large'], maxRuntimeSeconds: 1800 },
  serving: {
    kind: 'realtime',
    instanceType: 'ml.c5.xlarge',
    instanceCount: 3,
    strategy: { kind: 'canary', percent: 10, bakeSeconds: 300 },
  },
};

function planOf(...models: readonly Partial<ModelConfigInput>[]) {
  return planPlatform(
    parsePlatform({ models: models.map((change, index) => ({ ...minimal, name: `model-${index}`, ...change })) }),
  );
}

const monthlyOf = (plan: ReturnType<typeof planOf>, what: string) =>
  plan.models[0]?.idle.find((line) => line.what.includes(what))?.monthly;

describe('a plan', () => {
  test('is the document that its schema describes', () => {
    expect(PlanDocumentSchema.parse(planOf({}))).toEqual(planOf({}));
  });

  test('counts every instance of an endpoint for every hour of a month', () => {
    const price = INSTANCE_HOUR['ml.c5.xlarge'] ?? Number.NaN;
    expect(monthlyOf(planOf({}), 'ml.c5.xlarge')).toBeCloseTo(3 * HOURS_PER_MONTH * price, 6);
  });

  test('adds platform and models up to the whole', () => {
    const plan = planOf({}, {});
    const models = plan.models.reduce((sum, model) => sum + (model.idleMonthly ?? Number.NaN), 0);
    expect(plan.idleMonthly).toBeCloseTo(plan.platform.idleMonthly + models, 9);
    for (const model of plan.models)
      expect(model.idleMonthly).toBeCloseTo(
        model.idle.reduce((sum, line) => sum + line.quantity * (line.each ?? Number.NaN), 0),
        9,
      );
  });

  test('says that a price is unknown instead of leaving it out of the sum', () => {
    const plan = planOf({
      serving: { kind: 'realtime', instanceType: 'ml.z9.huge', instanceCount: 1, strategy: { kind: 'all-at-once' } },
    });
    expect(monthlyOf(plan, 'ml.z9.huge')).toBeNull();
    expect(plan.models[0]?.idleMonthly).toBeNull();
    expect(plan.idleMonthly).toBeNull();
  });

  test('knows no price for a name that every object has', () => {
    const plan = planOf({ training: { source: 't', instances: ['ml.constructor.constructor'] } });
    expect(plan.models[0]?.training.hourly).toBeNull();
  });

  test('prices a run by its first instance type, at most for its whole running time', () => {
    const price = INSTANCE_HOUR['ml.m5.large'] ?? Number.NaN;
    expect(planOf({}).models[0]?.training).toMatchObject({ hourly: price, runAtMost: price / 2, spot: false });
  });

  test('charges alarms with short periods as high-resolution ones', () => {
    const fast = planOf({
      serving: {
        kind: 'realtime',
        instanceType: 'ml.c5.xlarge',
        instanceCount: 2,
        strategy: { kind: 'canary', percent: 50, bakeSeconds: 300 },
        rollback: { periodSeconds: 10 },
      },
    });
    expect(monthlyOf(fast, 'high-resolution alarm metrics')).toBeCloseTo(2 * 0.3, 9);
    expect(monthlyOf(planOf({}), 'high-resolution alarm metrics')).toBeUndefined();
  });

  test('costs nothing an hour idle for a batch or serverless model, and has no endpoint alarms for it', () => {
    const realtime = planOf({}).models[0];
    for (const serving of [
      { kind: 'batch', instanceType: 'ml.m5.large' },
      { kind: 'serverless', memoryMegabytes: 2048, maxConcurrency: 5 },
    ] as const) {
      const model = planOf({ serving }).models[0];
      expect(model?.idle.some((line) => line.what.endsWith('hours'))).toBe(false);
      const alarms = (plan: typeof model) => plan?.resources.find((resource) => resource.what === 'alarms')?.count;
      expect(alarms(model)).toBeLessThan(alarms(realtime) ?? 0);
    }
  });

  test('charges a dashboard for each model where the platform asks for them', () => {
    const fleet = planPlatform(parsePlatform({ models: [minimal] }));
    const each = planPlatform(parsePlatform({ dashboards: 'per-model', models: [minimal] }));
    expect((each.idleMonthly ?? 0) - (fleet.idleMonthly ?? 0)).toBeCloseTo(3, 9);
  });

  test('says how large a canary really is when instances are few', () => {
    expect(planOf({}).models[0]?.notes.join()).toContain('1 of 3 instances, which is 33 % of the traffic');
  });
});

describe('quotas', () => {
  const needed = (plan: ReturnType<typeof planOf>, name: string) =>
    plan.quotas.find((quota) => quota.name === name)?.needed;

  test('hold the old and the new fleet at once', () => {
    expect(needed(planOf({}), 'ml.c5.xlarge for endpoint usage')).toBe(6);
  });

  test('hold the job that takes in an upload too large for functions, which is priced too', () => {
    const plan = planOf({});
    expect(needed(plan, 'ml.m5.large for processing job usage')).toBe(1);
    // USD 0.115: the list price of ml.m5.large for processing in us-east-1.
    expect(plan.models[0]?.largeUploads).toEqual({ instance: 'ml.m5.large', hourly: 0.115 });
  });

  test('hold the fleet and one batch for a rolling deployment', () => {
    const plan = planOf({
      serving: {
        kind: 'realtime',
        instanceType: 'ml.c5.xlarge',
        instanceCount: 10,
        strategy: { kind: 'rolling', batchPercent: 25, bakeSeconds: 300 },
      },
    });
    expect(needed(plan, 'ml.c5.xlarge for endpoint usage')).toBe(13);
  });

  test('add up over models that use the same instance type', () => {
    const plan = planOf({}, {});
    expect(needed(plan, 'ml.c5.xlarge for endpoint usage')).toBe(12);
    expect(needed(plan, 'ml.m5.large for training job usage')).toBe(2);
    expect(needed(plan, 'ml.c5.xlarge for transform job usage')).toBe(4);
  });

  test('name spot and on-demand training apart, for every preferred instance type', () => {
    const plan = planOf({
      training: { source: 't', instances: ['ml.g5.xlarge', 'ml.m5.large'], spot: { maxWaitSeconds: 7200 } },
    });
    expect(needed(plan, 'ml.g5.xlarge for spot training job usage')).toBe(1);
    expect(needed(plan, 'ml.m5.large for spot training job usage')).toBe(1);
    expect(needed(plan, 'ml.m5.large for training job usage')).toBeUndefined();
  });
});
