import { afterAll, beforeAll, expect, test } from 'vitest';
import { fixtureApp, inNewFolder } from '../lib/fixture-app.ts';
import { stacksOf, templateOf } from './checked-app.ts';

const { folder, remove } = inNewFolder();
const found: Record<string, Record<string, string>> = {};

/** Resources that hold something: with a new logical id CloudFormation would make an empty one and leave or delete the old. */
const STATEFUL = [
  'AWS::DynamoDB::Table',
  'AWS::KMS::Key',
  'AWS::S3::Bucket',
  'AWS::SNS::Topic',
  'AWS::SQS::Queue',
  'AWS::SageMaker::ModelPackageGroup',
  'Custom::ModelwayCleanUp',
];

beforeAll(() => {
  const fixture = fixtureApp(folder);
  fixture.app.synth();
  for (const { stackName } of stacksOf(fixture))
    found[stackName] = Object.fromEntries(
      Object.entries(templateOf(folder, stackName).Resources).flatMap(([id, { Type }]) =>
        STATEFUL.includes(Type) ? [[id, Type]] : [],
      ),
    );
});
afterAll(remove);

test('what holds data keeps its logical id', () => {
  expect(found).toEqual({
    'modelway-platform': {
      KeysDataA2F7C5E6: 'AWS::KMS::Key',
      KeysOperations5671B638: 'AWS::KMS::Key',
      DataAccessLogsC0C25EE4: 'AWS::S3::Bucket',
      DataLake1AA8665A: 'AWS::S3::Bucket',
      DataAuditE4D9F575: 'AWS::S3::Bucket',
      DataLineageCEFAB377: 'AWS::DynamoDB::Table',
      AlertsTopicCF7C81C9: 'AWS::SNS::Topic',
      QueuesUndelivered054FE721: 'AWS::SQS::Queue',
      QueuesUploadsD1BE9270: 'AWS::SQS::Queue',
    },
    'modelway-late': { Packages: 'AWS::SageMaker::ModelPackageGroup', CleanUp: 'Custom::ModelwayCleanUp' },
  });
});
