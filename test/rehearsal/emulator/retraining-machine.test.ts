import { UpdateStackCommand } from '@aws-sdk/client-cloudformation';
import { InvokeCommand } from '@aws-sdk/client-lambda';
import { DescribeExecutionCommand, ListExecutionsCommand, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { parseModel } from '../../../contracts/model-config.ts';
import { retrainingMachine } from '../../../lib/asl/retraining.ts';
import { deployAssembly } from '../../../rehearsal/rig/deploy-assembly.ts';
import { type Emulator, startEmulator } from '../../../rehearsal/rig/start-emulator.ts';
import { fixtureModel } from '../../lib/fixture-app.ts';
import { allow, arnOf, lambda, role, type SmallAssembly, smallAssembly } from '../rig/small-assembly.ts';
import { arn } from './machine-resources.ts';

/** The machine's definition as it is deployed, with functions that answer by a script. */

const START = new Date('2001-02-01T00:00:00Z');
const AGAIN = '2001-02-02T06:00:00.000Z';

/** Waits the first time it is asked, trains the second; says back what it was asked. */
const DECIDE = `let asked = 0;
exports.handler = async ({ request, askedAt, deployedCode }) => ({
  ...request, reason: askedAt + ' ' + deployedCode, datasetVersions: ['v1'], codeUri: null, review: null,
  recipe: 'r', estimatedDollars: 1,
  ...(asked++ === 0 ? { decision: 'wait', askAgainAt: '${AGAIN}' } : { decision: 'retrain', askAgainAt: null }),
});`;
/** Keeps what it recorded in memory, and says all of it back. */
const RECORD = `const ids = [];
exports.handler = async ({ id, announce }) => { if (id) ids.push(id + ': ' + announce.subject); return { ids }; };`;

const definition = retrainingMachine(
  { model: parseModel(fixtureModel), functionArn: (name) => arn('lambda', `function:${name}`) },
  arn('states', 'stateMachine:training'),
  'code of today',
);
const stateMachine = (name: string, DefinitionString: string) => ({
  Type: 'AWS::StepFunctions::StateMachine',
  Properties: { StateMachineName: name, RoleArn: arnOf('MachineRole'), DefinitionString },
});
const resources = {
  FunctionRole: role(
    'lambda.amazonaws.com',
    allow(['logs:CreateLogStream', 'logs:PutLogEvents'], arn('logs', 'log-group:/aws/lambda/*')),
  ),
  Decide: lambda('decide-retraining', 'FunctionRole'),
  Record: lambda('record', 'FunctionRole'),
  // As the model's stack has it when its policy trains on changed code.
  OnChange: {
    Type: 'AWS::Events::Rule',
    Properties: {
      EventPattern: {
        source: ['aws.cloudformation'],
        'detail-type': ['CloudFormation Stack Status Change'],
        detail: { 'stack-id': [{ Ref: 'AWS::StackId' }], 'status-details': { status: ['UPDATE_COMPLETE'] } },
      },
      Targets: [
        {
          Id: 'Retraining',
          Arn: arn('states', 'stateMachine:retraining'),
          RoleArn: arnOf('RuleRole'),
          Input: '{"trigger":"change","cause":"the stack was updated"}',
        },
      ],
    },
  },
  RuleRole: role('events.amazonaws.com', allow('states:StartExecution', arn('states', 'stateMachine:retraining'))),
  MachineRole: role(
    'states.amazonaws.com',
    allow('lambda:InvokeFunction', arn('lambda', 'function:*')),
    allow('states:StartExecution', arn('states', 'stateMachine:training')),
  ),
  Retraining: stateMachine('retraining', JSON.stringify(definition)),
  Training: stateMachine(
    'training',
    JSON.stringify({ QueryLanguage: 'JSONata', StartAt: 'End', States: { End: { Type: 'Succeed' } } }),
  ),
};

let emulator: Emulator;
let assembly: SmallAssembly;

beforeAll(async () => {
  emulator = await startEmulator({ startsAt: START });
  assembly = smallAssembly({
    name: 'retrained',
    resources,
    functions: { 'decide-retraining': DECIDE, record: RECORD },
  });
  await deployAssembly(emulator, assembly.folder);
});

afterAll(async () => {
  await emulator?.stop();
  assembly?.remove();
});

const started = async (machine: string) => {
  const page = await emulator.aws.sfn.send(
    new ListExecutionsCommand({ stateMachineArn: arn('states', `stateMachine:${machine}`) }),
  );
  return (page.executions ?? []).map(({ name, status, startDate }) => ({ name, status, startDate }));
};

test('an alarm that must wait is asked again at its instant, by the same execution, and trains then', async () => {
  const input = { alarm: 'modelway-late-drift', prefix: 'modelway-late-', cause: 'Threshold Crossed' };
  const { executionArn } = await emulator.aws.sfn.send(
    new StartExecutionCommand({
      stateMachineArn: arn('states', 'stateMachine:retraining'),
      name: 'asked',
      input: JSON.stringify(input),
    }),
  );
  await emulator.control.advanceTo(new Date('2001-02-02T05:59:00Z'));
  expect(await started('retraining')).toMatchObject([{ name: 'asked', status: 'RUNNING' }]);
  expect(await started('training')).toEqual([]);

  await emulator.control.advanceTo(new Date('2001-02-02T06:01:00Z'));
  expect(await started('training')).toMatchObject([{ name: 'asked', status: 'SUCCEEDED' }]);
  const ended = await emulator.aws.sfn.send(new DescribeExecutionCommand({ executionArn }));
  expect(ended.status).toBe('SUCCEEDED');
  const { trigger, reason } = z
    .object({ trigger: z.string(), reason: z.string() })
    .parse(JSON.parse(ended.output ?? 'null'));
  expect(trigger).toBe('drift');
  // Asked again it still knows when it was asked first.
  expect(reason).toMatch(/^2001-02-01T00:\d\d.* code of today$/);
  const { Payload } = await emulator.aws.lambda.send(new InvokeCommand({ FunctionName: 'record', Payload: '{}' }));
  expect(JSON.parse(new TextDecoder().decode(Payload))).toEqual({
    ids: ['asked-wait-0: late: no training yet', 'asked: late: training'],
  });
  expect(await emulator.control.problems()).toEqual([]);
});

test('an update of the stack asks, and its creation did not', async () => {
  const before = await started('retraining');
  const changed = {
    ...resources,
    Parameter: { Type: 'AWS::SSM::Parameter', Properties: { Type: 'String', Value: 'b' } },
  };
  await emulator.aws.cloudformation.send(
    new UpdateStackCommand({
      StackName: 'retrained',
      TemplateBody: JSON.stringify({ Resources: changed }),
      Capabilities: ['CAPABILITY_IAM', 'CAPABILITY_NAMED_IAM'],
    }),
  );
  await emulator.control.advanceBy(120);
  expect(before.map(({ name }) => name)).toEqual(['asked']);
  expect(await started('retraining')).toHaveLength(2);
  expect(await emulator.control.problems()).toEqual([]);
});
