import { type ModelConfigInput, parseModel } from '../../../contracts/model-config.ts';
import { functionName, machineName, tableName } from '../../../contracts/names.ts';
import { BY_TIME } from '../../../contracts/records.ts';
import { retrainingMachine } from '../../../lib/asl/retraining.ts';
import { lineageTableDefinition } from '../../lambdas/lineage-table-definition.ts';
import { fixtureModel } from '../../lib/fixture-app.ts';
import { allow, arnOf, codeOf, role } from '../rig/small-assembly.ts';
import { arn } from './machine-resources.ts';

/** The retraining machines of models with different policies, with the function that decides and a table, as templates have them. */

export const PLATFORM = 'modelway';
export const TABLE = tableName(PLATFORM);
const CODE = 'code of today';
/** A Thursday. */
export const NOON = new Date('2001-02-01T12:00:00Z');

type Retraining = NonNullable<ModelConfigInput['retraining']>;
/** Each case has a model of its own, named for it. */
export const POLICIES: Readonly<Record<string, Retraining>> = {
  plain: {},
  worse: {},
  eager: { onNewData: 'always' },
  clocked: { schedule: 'cron(0 3 ? * SUN *)' },
  changed: { onChange: true },
  business: { onBusinessMetric: true },
  'drift-off': { onDrift: false },
  cooling: { cooldownHours: 24 },
  poor: { budgetPerMonthDollars: 0.1 },
  bounded: { budgetPerMonthDollars: 0.1 },
  nightly: { blackout: [{ fromHour: 12, toHour: 14 }] },
  crowded: { cooldownHours: 1 },
};
export const modelOf = (name: string) => parseModel({ ...fixtureModel, name, retraining: POLICIES[name] });
export const named = (name: string, kind: 'training' | 'retraining') => machineName(PLATFORM, name, kind);

const machine = (name: string, definition: unknown) => ({
  Type: 'AWS::StepFunctions::StateMachine',
  Properties: { StateMachineName: name, RoleArn: arnOf('MachineRole'), DefinitionString: JSON.stringify(definition) },
});
/** A run takes two hours, and says nothing. */
const TRAINING = {
  QueryLanguage: 'JSONata',
  StartAt: 'Train',
  States: { Train: { Type: 'Wait', Seconds: 7200, End: true } },
};
const machines = Object.fromEntries(
  Object.keys(POLICIES).flatMap((name, index) => [
    [`Training${index}`, machine(named(name, 'training'), TRAINING)],
    [
      `Retraining${index}`,
      machine(
        named(name, 'retraining'),
        retrainingMachine(
          { model: modelOf(name), functionArn: (fn) => arn('lambda', `function:${functionName(PLATFORM, fn)}`) },
          arn('states', `stateMachine:${named(name, 'training')}`),
          CODE,
        ),
      ),
    ],
  ]),
);

const lambda = (name: string, roleId: string) => ({
  Type: 'AWS::Lambda::Function',
  Properties: {
    FunctionName: functionName(PLATFORM, name),
    Code: codeOf(name),
    Handler: 'index.handler',
    Runtime: 'nodejs24.x',
    Timeout: 60,
    Role: arnOf(roleId),
    Environment: {
      Variables: {
        MODELWAY_PLATFORM: PLATFORM,
        MODELWAY_LAKE_BUCKET: 'lake',
        MODELWAY_AUDIT_BUCKET: 'audit',
        MODELWAY_TABLE: TABLE,
        MODELWAY_TOPIC_ARN: arn('sns', 'alerts'),
        MODELWAY_RUNBOOK_URL: 'https://docs.example/runbook',
      },
    },
  },
});
const LOGS = allow(['logs:CreateLogStream', 'logs:PutLogEvents'], arn('logs', 'log-group:/aws/lambda/*'));

export const resources = {
  Table: {
    Type: 'AWS::DynamoDB::Table',
    Properties: lineageTableDefinition(TABLE),
  },
  RecordRole: role('lambda.amazonaws.com', LOGS),
  Record: lambda('record', 'RecordRole'),
  DecideRole: role(
    'lambda.amazonaws.com',
    LOGS,
    allow(['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query'], arn('dynamodb', `table/${TABLE}`)),
    allow('dynamodb:Query', arn('dynamodb', `table/${TABLE}/index/${BY_TIME}`)),
    allow('states:ListExecutions', arn('states', 'stateMachine:*')),
  ),
  Decide: lambda('decide-retraining', 'DecideRole'),
  MachineRole: role(
    'states.amazonaws.com',
    allow('lambda:InvokeFunction', arn('lambda', 'function:*')),
    allow('states:StartExecution', arn('states', 'stateMachine:*')),
  ),
  ...machines,
};
