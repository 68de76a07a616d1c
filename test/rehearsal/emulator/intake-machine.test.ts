import { InvokeCommand } from '@aws-sdk/client-lambda';
import { DescribeExecutionCommand, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { parseModel } from '../../../contracts/model-config.ts';
import { intakeMachine } from '../../../lib/asl/intake.ts';
import { deployAssembly } from '../../../rehearsal/rig/deploy-assembly.ts';
import { type Emulator, startEmulator } from '../../../rehearsal/rig/start-emulator.ts';
import { fixtureModel } from '../../lib/fixture-app.ts';
import { allow, arnOf, lambda, role, type SmallAssembly, smallAssembly } from '../rig/small-assembly.ts';
import { arn } from './machine-resources.ts';

/** The machine's definition as it is deployed, with functions that answer by a script. */

/** Does what the upload's key says: its files come at the fourth try, or it ends the process that reads it. */
const INTAKE = `let tries = 0;
class IncompleteUpload extends Error { name = 'IncompleteUpload'; }
exports.handler = async ({ upload, execution }) => {
  if (upload.key === 'late' && ++tries < 4) throw new IncompleteUpload('1 of 2 files are missing');
  if (upload.key === 'poison') process.exit(3);
  return {
    outcome: 'taken', verdict: 'accepted', datasetVersion: 'v-' + execution,
    rows: { read: tries, accepted: tries, quarantined: 0 }, reportKey: 'r', summary: 'fine',
  };
};`;
/** Keeps what it recorded in memory, and says all of it back. */
const RECORD = `const facts = [];
exports.handler = async (fact) => { if (fact.id) facts.push(fact); return { facts }; };`;

const definition = intakeMachine(
  { model: parseModel(fixtureModel), functionArn: (name) => arn('lambda', `function:${name}`) },
  arn('states', 'stateMachine:retraining'),
  {
    imageUri: 'image',
    keyArn: arn('kms', 'key/k'),
    vpc: { Subnets: [], SecurityGroupIds: ['sg'] },
    roleArn: arn('iam', 'role/jobs'),
    program: { bucket: 'assets', runtimeKey: 'r', programKey: 'p' },
  },
);
const stateMachine = (name: string, DefinitionString: string) => ({
  Type: 'AWS::StepFunctions::StateMachine',
  Properties: { StateMachineName: name, RoleArn: arnOf('MachineRole'), DefinitionString },
});

let emulator: Emulator;
let assembly: SmallAssembly;

beforeAll(async () => {
  emulator = await startEmulator({ startsAt: new Date('2001-02-01T00:00:00Z') });
  assembly = smallAssembly({
    name: 'taking',
    resources: {
      FunctionRole: role(
        'lambda.amazonaws.com',
        allow(['logs:CreateLogStream', 'logs:PutLogEvents'], arn('logs', 'log-group:/aws/lambda/*')),
      ),
      Intake: lambda('intake', 'FunctionRole'),
      Record: lambda('record', 'FunctionRole'),
      MachineRole: role(
        'states.amazonaws.com',
        allow('lambda:InvokeFunction', arn('lambda', 'function:*')),
        allow('states:StartExecution', arn('states', 'stateMachine:retraining')),
        // The machine also starts processing jobs, for uploads larger than these.
        allow(
          ['events:PutTargets', 'events:PutRule', 'events:DescribeRule'],
          arn('events', 'rule/StepFunctionsGetEventsForSageMakerProcessingJobsRule'),
        ),
      ),
      Taking: stateMachine('taking', JSON.stringify(definition)),
      Retraining: stateMachine(
        'retraining',
        JSON.stringify({ QueryLanguage: 'JSONata', StartAt: 'End', States: { End: { Type: 'Succeed' } } }),
      ),
    },
    functions: { intake: INTAKE, record: RECORD },
  });
  await deployAssembly(emulator, assembly.folder);
});
afterAll(async () => {
  await emulator?.stop();
  assembly?.remove();
});

async function take(key: string): Promise<string> {
  const { executionArn } = await emulator.aws.sfn.send(
    new StartExecutionCommand({
      stateMachineArn: arn('states', 'stateMachine:taking'),
      name: key,
      input: JSON.stringify({
        bucket: 'b',
        key,
        versionId: 'v',
        size: 1,
        etag: 'e',
        uploadedAt: '2001-02-01T00:00:00Z',
      }),
    }),
  );
  return executionArn ?? '';
}
const stateOf = async (executionArn: string) =>
  (await emulator.aws.sfn.send(new DescribeExecutionCommand({ executionArn }))).status;

const FactsSchema = z.object({
  facts: z.array(
    z.object({
      kind: z.string(),
      id: z.string(),
      failed: z.boolean(),
      detail: z.object({ result: z.object({ verdict: z.string(), summary: z.string() }).optional() }),
      announce: z.object({ subject: z.string(), message: z.string() }).nullable(),
    }),
  ),
});
async function recorded(id: string) {
  const { Payload } = await emulator.aws.lambda.send(new InvokeCommand({ FunctionName: 'record', Payload: '{}' }));
  const { facts } = FactsSchema.parse(JSON.parse(new TextDecoder().decode(Payload)));
  return facts.filter((fact) => fact.id === id);
}

test('an upload whose files come after its manifest is asked about every minute, until they are there', async () => {
  const late = await take('late');
  await emulator.control.advanceBy(150);
  expect(await stateOf(late)).toBe('RUNNING');
  await emulator.control.advanceBy(60);
  expect(await stateOf(late)).toBe('SUCCEEDED');
  expect(await recorded('late')).toMatchObject([{ kind: 'intake', failed: false, announce: null }]);
});

test('an upload that ends every process that reads it is refused, recorded, announced and counted; the next one is taken in', async () => {
  const [poison, good] = [await take('poison'), await take('good')];
  await emulator.control.advanceBy(60);
  expect([await stateOf(poison), await stateOf(good)]).toEqual(['SUCCEEDED', 'SUCCEEDED']);
  const [fact, ...more] = await recorded('poison');
  expect([fact?.kind, fact?.failed, more]).toEqual(['intake', true, []]);
  expect(fact?.detail.result?.verdict).toBe('rejected');
  expect(fact?.detail.result?.summary).toMatch(
    /^rejected, twice the function that read it ended without an answer: Runtime\.ExitError /,
  );
  expect(fact?.announce?.subject).toBe(`${fixtureModel.name}: upload rejected`);
  expect(await recorded('good')).toMatchObject([{ kind: 'intake', failed: false, announce: null }]);
});
