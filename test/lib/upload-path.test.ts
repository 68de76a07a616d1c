import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fixtureApp } from './fixture-app.ts';

let folder = '';
let platform: Template;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'modelway-uploads-'));
  platform = Template.fromStack(fixtureApp(folder).platform);
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const idOf = (type: string, props: object): string => Object.keys(platform.findResources(type, props))[0] ?? '';

test('every way of writing an object counts, and nothing else that happens to one', () => {
  const rules = Object.values(platform.findResources('AWS::Events::Rule'));
  const patterns = rules
    .map(({ Properties }) => Properties.EventPattern)
    .filter(({ source }) => source[0] === 'aws.s3');
  expect(patterns).toHaveLength(1);
  // No reason is asked for: PutObject, CopyObject and CompleteMultipartUpload are all "Object Created"; a restore is not.
  expect(patterns[0]).toMatchObject({
    'detail-type': ['Object Created'],
    detail: { object: { key: [{ prefix: 'inbox/' }] } },
  });
  expect(Object.keys(patterns[0].detail).sort()).toEqual(['bucket', 'object']);
});

test('an upload that no try could start waits in the queue whose alarm tells of it', () => {
  const undelivered = idOf('AWS::SQS::Queue', { Properties: { RedrivePolicy: Match.absent() } });
  platform.hasResourceProperties('AWS::SQS::Queue', {
    RedrivePolicy: { maxReceiveCount: 5, deadLetterTargetArn: { 'Fn::GetAtt': [undelivered, 'Arn'] } },
    MessageRetentionPeriod: 14 * 24 * 3600,
  });
  platform.hasResourceProperties('AWS::CloudWatch::Alarm', {
    AlarmName: 'modelway-undelivered',
    Dimensions: [{ Name: 'QueueName', Value: { 'Fn::GetAtt': [undelivered, 'QueueName'] } }],
    Threshold: 0,
    AlarmActions: [Match.anyValue()],
  });
});

test('one bad message does not take the others of its batch along', () => {
  platform.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
    FunctionResponseTypes: ['ReportBatchItemFailures'],
    ScalingConfig: { MaximumConcurrency: 2 },
  });
});

test('intake lists versions below the inbox alone, and writes no upload', () => {
  const policies = Object.values(platform.findResources('AWS::IAM::ManagedPolicy')).map(({ Properties }) =>
    JSON.stringify(Properties),
  );
  const intake = policies.filter((text) => text.includes('intake/*') && text.includes('s3:ListBucketVersions'));
  expect(intake).toHaveLength(1);
  expect(intake[0]).toContain('"s3:prefix":["inbox/*"]');
  const statements: unknown[] = Object.values(platform.findResources('AWS::IAM::ManagedPolicy')).flatMap(
    ({ Properties }) => Properties.PolicyDocument.Statement,
  );
  const writing = statements.filter((statement) => JSON.stringify(statement).includes('s3:PutObject'));
  expect(writing.length).toBeGreaterThan(3);
  expect(writing.filter((statement) => JSON.stringify(statement).includes('/inbox'))).toEqual([]);
});
