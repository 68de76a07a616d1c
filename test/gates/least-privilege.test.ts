import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { fixtureApp, fixtureModel, inNewFolder } from '../lib/fixture-app.ts';
import { checkedApp, stacksOf, templateOf } from './checked-app.ts';

const oneOrMany = z.union([z.array(z.unknown()), z.unknown().transform((value) => [value])]);
const StatementSchema = z.object({
  Effect: z.string(),
  Action: oneOrMany,
  Resource: oneOrMany.optional(),
  Condition: z.record(z.string(), z.unknown()).optional(),
});
type Statement = z.infer<typeof StatementSchema>;

/** Actions that name no resource in AWS's service authorization reference, or whose bound is a condition. */
const WITHOUT_RESOURCE: ReadonlySet<string> = new Set([
  'xray:PutTraceSegments',
  'xray:PutTelemetryRecords',
  'xray:GetSamplingRules',
  'xray:GetSamplingTargets',
  'ecr:GetAuthorizationToken',
  'ec2:DescribeDhcpOptions',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSecurityGroups',
  'ec2:DescribeSubnets',
  'ec2:DescribeVpcs',
  'logs:CreateLogDelivery',
  'logs:DeleteLogDelivery',
  'logs:DescribeLogGroups',
  'logs:DescribeResourcePolicies',
  'logs:GetLogDelivery',
  'logs:ListLogDeliveries',
  'logs:PutResourcePolicy',
  'logs:UpdateLogDelivery',
  'cloudwatch:GetMetricData',
  'sagemaker:ListEndpointConfigs',
  'sagemaker:ListModels',
  'sagemaker:ListModelPackages',
  'sagemaker:ListTrainingJobs',
  'sagemaker:ListTransformJobs',
  'sagemaker:ListProcessingJobs',
]);
const BOUND_BY_CONDITION: Readonly<Record<string, string>> = { 'cloudwatch:PutMetricData': 'cloudwatch:namespace' };

const { folder, remove } = inNewFolder();
const policies: { readonly where: string; readonly statements: readonly Statement[] }[] = [];
const resources: {
  readonly where: string;
  readonly type: string;
  readonly properties: Readonly<Record<string, unknown>>;
}[] = [];

beforeAll(() => {
  const fixture = checkedApp(folder, 'as-deployed');
  fixture.app.synth();
  for (const stack of stacksOf(fixture))
    for (const [logicalId, { Type, Properties = {} }] of Object.entries(
      templateOf(folder, stack.stackName).Resources,
    )) {
      const where = `${stack.stackName}/${logicalId}`;
      resources.push({ where, type: Type, properties: Properties });
      if (Type === 'AWS::IAM::ManagedPolicy') {
        const document = z.object({ Statement: z.array(StatementSchema) }).parse(Properties.PolicyDocument);
        policies.push({ where, statements: document.Statement });
      }
    }
});
afterAll(remove);

/** Characters of a policy once its references are resolved, none of them longer than the ARN of a role with a name of 64. */
function lengthOf(document: unknown): number {
  return JSON.stringify(resolved(document)).length;
}

const PSEUDO: Readonly<Record<string, string>> = {
  'AWS::Partition': 'aws',
  'AWS::Region': 'ap-southeast-2',
  'AWS::AccountId': '123456789012',
};
const JoinSchema = z.object({ 'Fn::Join': z.tuple([z.string(), z.array(z.unknown())]) }).strict();
const RefSchema = z.object({ Ref: z.string() }).strict();

function resolved(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(resolved);
  if (typeof value !== 'object' || value === null) return value;
  const join = JoinSchema.safeParse(value).data?.['Fn::Join'];
  if (join !== undefined) return join[1].map(resolved).join(join[0]);
  const pseudo = PSEUDO[RefSchema.safeParse(value).data?.Ref ?? ''];
  if (pseudo !== undefined) return pseudo;
  if (Object.keys(value).some((key) => key === 'Ref' || key.startsWith('Fn::'))) return 'x'.repeat(95);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, resolved(item)]));
}

const allStatements = () =>
  policies.flatMap(({ where, statements }) => statements.map((statement) => ({ where, ...statement })));

describe('roles of the templates', () => {
  test('have managed policies only, made by us, none of AWS’s', () => {
    for (const { where, type, properties } of resources) {
      expect([where, type]).not.toEqual([where, 'AWS::IAM::Policy']);
      if (type !== 'AWS::IAM::Role') continue;
      expect([where, properties.Policies]).toEqual([where, undefined]);
      // A policy of the same stack is named by a reference; one of AWS's would be an ARN.
      const attached = z
        .array(z.object({ Ref: z.string() }).strict())
        .default([])
        .safeParse(properties.ManagedPolicyArns);
      expect([where, attached.success]).toEqual([where, true]);
    }
  });

  test('are trusted to one service each', () => {
    const trusted = resources
      .filter(({ type }) => type === 'AWS::IAM::Role')
      .map(({ where, properties }) => ({
        where,
        principals: z
          .object({ Statement: z.array(z.object({ Principal: z.object({ Service: z.string() }).strict() })) })
          .parse(properties.AssumeRolePolicyDocument).Statement,
      }));
    expect(trusted.length).toBeGreaterThan(20);
    for (const { where, principals } of trusted) expect([where, principals.length]).toEqual([where, 1]);
  });

  test('allow no action by wildcard', () => {
    for (const { where, Action } of allStatements())
      for (const action of Action) expect([where, String(action).includes('*')]).toEqual([where, false]);
  });

  test('allow every resource only for actions that name none, or by condition', () => {
    for (const { where, Action, Resource, Condition } of allStatements()) {
      if (!Resource?.includes('*')) continue;
      for (const action of Action.map(String)) {
        const bound = BOUND_BY_CONDITION[action];
        const allowed = bound === undefined ? WITHOUT_RESOURCE.has(action) : JSON.stringify(Condition).includes(bound);
        expect([where, action, allowed]).toEqual([where, action, true]);
      }
    }
  });

  test('stay under the 6,144 characters of a managed policy with the longest names there can be', () => {
    const model = { ...fixtureModel, name: 'm'.repeat(40) };
    const { folder: other, remove: removeOther } = inNewFolder();
    try {
      const fixture = fixtureApp(other, [model], {}, 'p'.repeat(20));
      fixture.app.synth();
      const documents = stacksOf(fixture)
        .flatMap(({ stackName }) => Object.entries(templateOf(other, stackName).Resources))
        .filter(([, { Type }]) => Type === 'AWS::IAM::ManagedPolicy');
      expect(documents.length).toBeGreaterThan(20);
      const lengths = documents.map(([id, { Properties }]) => ({ id, length: lengthOf(Properties?.PolicyDocument) }));
      expect(lengths.filter(({ length }) => length > 6144)).toEqual([]);
    } finally {
      removeOther();
    }
  });

  test('pass a role to SageMaker only', () => {
    const passing = allStatements().filter(({ Action }) => Action.includes('iam:PassRole'));
    expect(passing.length).toBeGreaterThan(0);
    for (const { where, Condition } of passing)
      expect([where, Condition]).toEqual([
        where,
        { StringEquals: { 'iam:PassedToService': 'sagemaker.amazonaws.com' } },
      ]);
  });

  test('let the machine that reproduces a run train and score, and do nothing else with SageMaker or the lake', () => {
    const reproducing = policies.filter(({ where }) => /Machinesreproduction/.test(where));
    expect(reproducing.length).toBeGreaterThan(0);
    for (const { statements } of reproducing) {
      const actions = statements.flatMap(({ Action }) => Action.map(String));
      expect(actions.filter((action) => /^(sagemaker|s3|dynamodb|states|ssm):/.test(action)).sort()).toEqual([
        'sagemaker:AddTags',
        'sagemaker:CreateModel',
        'sagemaker:CreateTrainingJob',
        'sagemaker:CreateTransformJob',
        'sagemaker:DeleteModel',
        'sagemaker:DescribeTrainingJob',
        'sagemaker:DescribeTransformJob',
        'sagemaker:ListTags',
        'sagemaker:StopTrainingJob',
        'sagemaker:StopTransformJob',
      ]);
    }
  });

  test('let the machine that waits for jobs tag them and watch them by the managed rule', () => {
    const training = policies.filter(({ where }) => /Machinestraining/.test(where));
    expect(training.length).toBeGreaterThan(0);
    for (const { statements } of training) {
      const actions = statements.flatMap(({ Action }) => Action);
      expect(actions).toEqual(
        expect.arrayContaining([
          'sagemaker:AddTags',
          'sagemaker:ListTags',
          'events:PutRule',
          'events:PutTargets',
          'events:DescribeRule',
        ]),
      );
    }
  });
});
