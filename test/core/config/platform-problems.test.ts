import { describe, expect, test } from 'vitest';
import { type ModelConfigInput, parsePlatform } from '../../../contracts/model-config.ts';
import { platformProblems } from '../../../core/config/platform-problems.ts';
import { runCost } from '../../../core/cost/run-cost.ts';

const base: ModelConfigInput = {
  name: 'churn',
  data: {
    columns: [
      { name: 'amount', kind: 'numeric' },
      { name: 'plan', kind: 'categorical' },
      { name: 'since', kind: 'timestamp' },
      { name: 'left', kind: 'boolean' },
    ],
    target: 'left',
    protected: ['plan'],
  },
  training: { source: 's', instances: ['ml.m5.large'] },
  serving: { kind: 'realtime', instanceType: 'ml.m5.large', instanceCount: 1, strategy: { kind: 'all-at-once' } },
};
const parsed = (changed: Partial<ModelConfigInput>) =>
  parsePlatform({ models: [base, { ...base, name: 'second', ...changed }] });
const problems = (changed: Partial<ModelConfigInput>) => platformProblems(parsed(changed));
/** Where and why, without the change to make, which every one has. */
function told(changed: Partial<ModelConfigInput>): readonly (readonly [string, string | undefined])[] {
  const found = problems(changed);
  for (const { fix, path } of found) expect(fix, path).toBeTruthy();
  return found.map(({ path, got }) => [path.replace('models[1].', ''), got]);
}
const business = (expression: string, target?: object) => ({
  name: 'cost',
  unit: 'USD',
  expression,
  ...(target && { target }),
});

test('a config that can work has no problem, whatever it leaves out', () => {
  expect(problems({})).toEqual([]);
  const full: Partial<ModelConfigInput> = {
    features: [
      { kind: 'numeric', column: 'amount' },
      { kind: 'category', column: 'plan' },
      { kind: 'hour', column: 'since' },
    ],
    gates: {
      goldenRows: [
        { name: 'g', instance: { amount: 1, plan: null, since: '2001-01-01T00:00:00Z' }, atLeast: 0.2, atMost: 0.2 },
      ],
    },
    monitoring: {
      every: 'day',
      quality: { slices: ['plan', 'amount'] },
      business: [business('predicted == 1 ? row.amount : 0.0', { atLeast: 1, atMost: 1 })],
    },
    retraining: { onBusinessMetric: true, budgetPerMonthDollars: 100, blackout: [{ fromHour: 1, toHour: 0 }] },
  };
  expect(problems(full)).toEqual([]);
});

describe('a business metric', () => {
  test('is refused for its syntax, an unknown column, a wrong type, and a result that is no number', () => {
    const expressions = ['score >', 'row.amout * 2.0', 'row.plan * 2.0', 'row.plan', 'score * double(label)'];
    const metrics = expressions.map((expression, index) => ({ ...business(expression), name: `m${index}` }));
    expect(told({ monitoring: { every: 'day', business: metrics } })).toEqual(
      expressions
        .slice(0, 4)
        .map((expression, index) => [`monitoring.business[${index}].expression`, JSON.stringify(expression)]),
    );
  });

  test('needs a target that a figure can meet', () => {
    const metrics = [{}, { atLeast: 2, atMost: 1 }, { atMost: 1 }].map((target, index) => ({
      ...business('score', target),
      name: `m${index}`,
    }));
    expect(told({ monitoring: { every: 'day', business: metrics } })).toEqual([
      ['monitoring.business[0].target', '{}'],
      ['monitoring.business[1].target', '{"atLeast":2,"atMost":1}'],
    ]);
  });
});

test('slices name columns that there are, once each, and not the target', () => {
  const slices = ['plan', 'regoin', 'left', 'plan'];
  expect(told({ monitoring: { every: 'day', quality: { slices } } })).toEqual([
    ['monitoring.quality.slices[1]', '"regoin"'],
    ['monitoring.quality.slices[2]', '"left"'],
    ['monitoring.quality.slices[3]', '"plan"'],
  ]);
});

describe('a retraining policy', () => {
  test('leaves an hour of the week', () => {
    const blackout = [
      { fromHour: 0, toHour: 12 },
      { fromHour: 12, toHour: 24 },
    ];
    expect(told({ retraining: { blackout } })).toMatchObject([['retraining.blackout', expect.any(String)]]);
  });

  test('has a budget for one run at least, at a price that is known', () => {
    const run = runCost(parsed({}).models[1] ?? expect.unreachable()) ?? Number.NaN;
    expect(told({ retraining: { budgetPerMonthDollars: 0.99 * run } })).toMatchObject([
      ['retraining.budgetPerMonthDollars', expect.any(String)],
    ]);
    expect(told({ retraining: { budgetPerMonthDollars: run } })).toEqual([]);
    const unknown = { ...base.training, instances: ['ml.p99.large'] };
    expect(told({ training: unknown, retraining: { budgetPerMonthDollars: 1e6 } })).toEqual([
      ['retraining.budgetPerMonthDollars', '1000000'],
    ]);
  });

  test('waits for a business target only where there is one', () => {
    const monitoring = { every: 'day' as const, business: [business('score')] };
    expect(told({ monitoring, retraining: { onBusinessMetric: true } })).toEqual([
      ['retraining.onBusinessMetric', 'true'],
    ]);
  });
});

test('features are made of columns that they can be made of', () => {
  const features = [
    { kind: 'hour', column: 'amount' },
    { kind: 'numeric', column: 'plan' },
    { kind: 'category', column: 'amount' },
  ] as const;
  expect(told({ features: [...features] })).toEqual([
    ['features[0].kind', '"hour"'],
    ['features[1].kind', '"numeric"'],
  ]);
});

test('golden rows hold what callers would send, and allow a score', () => {
  const instance = { amount: '12', plna: 'a', left: true, since: 'soon', plan: 'b' };
  expect(told({ gates: { goldenRows: [{ name: 'g', instance, atLeast: 0.8, atMost: 0.2 }] } })).toEqual([
    ['gates.goldenRows[0].instance.amount', '"12"'],
    ['gates.goldenRows[0].instance.plna', '"a"'],
    ['gates.goldenRows[0].instance.left', 'true'],
    ['gates.goldenRows[0].instance.since', '"soon"'],
    ['gates.goldenRows[0].atLeast', '0.8'],
  ]);
});

test('all problems are told at once, those of every model', () => {
  const wrong = { monitoring: { every: 'day' as const, quality: { slices: ['nowhere'] } } };
  const paths = platformProblems(
    parsePlatform({
      models: [
        { ...base, ...wrong },
        { ...base, ...wrong, name: 'other' },
      ],
    }),
  ).map(({ path }) => path);
  expect(paths).toEqual(['models[0].monitoring.quality.slices[0]', 'models[1].monitoring.quality.slices[0]']);
});
