import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { expect, test } from 'vitest';
import { parsePlatform } from '../../contracts/model-config.ts';
import { Encryption } from '../../lib/encryption.ts';
import { fixFeatureFlags } from '../../lib/feature-flags.ts';
import { Storage } from '../../lib/storage.ts';
import { fixtureModel } from './fixture-app.ts';

/** The lock of the audit bucket, of a platform with these settings. */
function lockOf(settings: object): unknown {
  const stack = new Stack(new App({ analyticsReporting: false }), 'storage');
  fixFeatureFlags(stack);
  const config = parsePlatform({ ...settings, models: [fixtureModel] });
  new Storage(stack, 'Storage', { config, keys: new Encryption(stack, 'Encryption', { platform: config.name }) });
  return Object.values(Template.fromStack(stack).findResources('AWS::S3::Bucket'))
    .map(({ Properties }) => Properties.ObjectLockConfiguration)
    .find((lock) => lock !== undefined);
}

const rule = (Mode: string, Days: number) => ({
  ObjectLockEnabled: 'Enabled',
  Rule: { DefaultRetention: { Mode, Days } },
});

test('audit records are locked for a year, by a lock that an administrator can lift', () => {
  expect(lockOf({})).toEqual(rule('GOVERNANCE', 365));
});

test('audit records are locked for good only by name, and for the days that the config says', () => {
  expect(lockOf({ auditLockMode: 'compliance', auditLockDays: 30 })).toEqual(rule('COMPLIANCE', 30));
});

test.each([{ auditLockMode: 'COMPLIANCE' }, { auditLockDays: 0 }])('%j is no lock', (settings) => {
  expect(() => lockOf(settings)).toThrow(/auditLock/);
});
