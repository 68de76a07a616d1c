import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateTableCommand } from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand, PutBucketVersioningCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { auditPrefix } from '../../../contracts/keys.ts';
import { lineageRecord } from '../../../core/lineage/lineage-record.ts';
import { verifyAudit } from '../../../core/lineage/verify-audit.ts';
import { chainRecord } from '../../../lambdas/aws/audit-chain.ts';
import { type AuditLedger, dynamoLedger } from '../../../lambdas/aws/audit-ledger.ts';
import { type Lake, s3Lake } from '../../../lambdas/aws/lake.ts';
import { dynamoLineage, type LineageTable } from '../../../lambdas/aws/lineage-table.ts';
import { getPacked, putPacked } from '../../../lambdas/aws/packed-json.ts';
import { dynamoTrainingSlot } from '../../../lambdas/aws/training-slot.ts';
import { type Emulator, startEmulator } from '../../../rehearsal/rig/start-emulator.ts';
import { lineageTableDefinition } from '../lineage-table-definition.ts';

/** The shells against S3 and DynamoDB as the emulator serves them: what tests with memory assume of them is shown here. */

let emulator: Emulator;
let folder = '';
let lake: Lake;
let lineage: LineageTable;
let ledger: AuditLedger;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'modelway-wire-'));
  emulator = await startEmulator();
  const { s3, dynamodb } = emulator.aws;
  await s3.send(new CreateBucketCommand({ Bucket: 'lake' }));
  await s3.send(new PutBucketVersioningCommand({ Bucket: 'lake', VersioningConfiguration: { Status: 'Enabled' } }));
  await dynamodb.send(new CreateTableCommand(lineageTableDefinition('lineage')));
  lake = s3Lake('lake', s3);
  lineage = dynamoLineage('lineage', dynamodb);
  ledger = dynamoLedger('lineage', dynamodb);
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await emulator.stop();
});

describe('the lake', () => {
  test('gives back what was put, as text, bytes, stream and file', async () => {
    const bytes = Buffer.from(Array.from({ length: 3_000_000 }, (_, index) => (index * 7) % 251));
    const [from, to] = [join(folder, 'from'), join(folder, 'to')];
    writeFileSync(from, bytes);
    await lake.putFile('files/big', from, 'application/octet-stream');
    await lake.putText('texts/ü', 'grüße', 'text/plain; charset=utf-8');
    await lake.download('files/big', to);
    expect(readFileSync(to).equals(bytes)).toBe(true);
    expect(Buffer.from(await lake.getBytes('files/big')).equals(bytes)).toBe(true);
    expect(await lake.getText('texts/ü')).toBe('grüße');
    const chunks: Uint8Array[] = [];
    for await (const chunk of lake.stream('files/big')) chunks.push(chunk);
    expect(Buffer.concat(chunks).equals(bytes)).toBe(true);
  });

  test('gives back exactly the version that was asked for', async () => {
    const put = (Body: string) => emulator.aws.s3.send(new PutObjectCommand({ Bucket: 'lake', Key: 'versions', Body }));
    const { VersionId: first } = await put('first');
    await put('second');
    const path = join(folder, 'version');
    await lake.download('versions', path, first);
    expect(readFileSync(path, 'utf8')).toBe('first');
    expect(await lake.getText('versions')).toBe('second');
    const streamed: Uint8Array[] = [];
    for await (const chunk of lake.stream('versions', first)) streamed.push(chunk);
    expect(Buffer.concat(streamed).toString()).toBe('first');
  });

  test('keeps packed values: what is read is what was written, and another shape is refused', async () => {
    const value = { days: [1, 2, 3], text: 'grüße' };
    await putPacked(lake, 'packed', value);
    expect(await getPacked(lake, 'packed', z.object({ days: z.array(z.number()), text: z.string() }))).toEqual(value);
    await expect(getPacked(lake, 'packed', z.object({ weeks: z.number() }))).rejects.toThrow(
      /unreadable-object: weeks/,
    );
  });

  test('lists every object below a prefix, over many pages, in order of key', async () => {
    const keys = Array.from({ length: 1005 }, (_, index) => `many/${String(index).padStart(4, '0')}`);
    for (let at = 0; at < keys.length; at += 50)
      await Promise.all(keys.slice(at, at + 50).map((key) => lake.putText(key, 'x', 'text/plain')));
    const found = await lake.list('many/');
    expect(found.map(({ key }) => key)).toEqual(keys);
    expect(found[0]?.size).toBe(1);
    const range = { after: 'many/0000', before: 'many/1003' };
    expect((await lake.list('many/', range)).map(({ key }) => key)).toEqual(keys.slice(1, 1003));
    expect(await lake.list('many/', { after: 'many/0003', before: 'many/0004' })).toEqual([]);
  });

  test('tells what is there from what is not', async () => {
    await lake.putText('here', 'x', 'text/plain');
    expect([await lake.exists('here'), await lake.exists('not here')]).toEqual([true, false]);
    await expect(lake.getText('not here')).rejects.toMatchObject({ name: 'NoSuchKey' });
  });
});

describe('the lineage table', () => {
  const record = (id: string, detail: unknown = {}) =>
    lineageRecord({
      model: 'm',
      kind: 'run',
      id,
      at: '2001-01-01T00:00:00Z',
      parents: ['snapshot#s', 'dataset#d'],
      detail,
    });

  test('keeps the first record of a name', async () => {
    const [first, second] = [record('r1', { auc: 0.7 }), record('r1', { auc: 0.9 })];
    expect(await lineage.put(first)).toBe('written');
    expect(await lineage.put(second)).toBe('exists');
    expect(await lineage.get('m', 'run#r1')).toEqual(first);
    expect(await lineage.get('m', 'run#none')).toBeUndefined();
  });

  test('of many who write at once, one wins', async () => {
    const outcomes = await Promise.all(Array.from({ length: 50 }, () => lineage.put(record('contended'))));
    expect(outcomes.filter((outcome) => outcome === 'written')).toHaveLength(1);
  });

  test('is queried from one sort key to another, both included, over many pages and up to a limit', async () => {
    const large = 'x'.repeat(150_000);
    for (const index of [3, 1, 9, 5, 7, 2, 8, 4, 6, 0]) await lineage.put(record(`span-${index}`, { large }));
    const ids = async (limit?: number) =>
      (await lineage.between('m', 'run#span-1', 'run#span-8', limit)).map(({ id }) => id.slice(5));
    expect(await ids()).toEqual(['1', '2', '3', '4', '5', '6', '7', '8']);
    expect(await ids(3)).toEqual(['1', '2', '3']);
    expect(await lineage.between('m', 'run#span-90', 'run#span-99')).toEqual([]);
  });

  test('gives the last records of a stretch, the last first, and no more than were asked for', async () => {
    const ids = async (limit: number) =>
      (await lineage.last('m', 'run#span-1', 'run#span-8', limit)).map(({ id }) => id.slice(5));
    expect(await ids(3)).toEqual(['8', '7', '6']);
    expect(await ids(100)).toEqual(['8', '7', '6', '5', '4', '3', '2', '1']);
  });

  test('gives the newest records of a kind by when they were written, whatever their ids', async () => {
    const at = (second: number) => `2001-01-01T00:00:0${second}Z`;
    const put = (kind: 'dataset' | 'snapshot', id: string, second: number) =>
      lineage.put(lineageRecord({ model: 'timed', kind, id, at: at(second), parents: [], detail: {} }));
    await put('dataset', 'c', 1);
    await put('dataset', 'a', 3);
    await put('snapshot', 's', 9);
    await put('dataset', 'b', 2);
    const newest = async (limit: number) => (await lineage.newest('timed', 'dataset', limit)).map(({ sk }) => sk);
    expect(await newest(2)).toEqual(['dataset#a', 'dataset#b']);
    expect(await newest(9)).toEqual(['dataset#a', 'dataset#b', 'dataset#c']);
    expect(await lineage.newest('timed', 'run', 9)).toEqual([]);
  });

  test('moves the live pointer only from where it is known to be', async () => {
    const pointer = (packageArn: string) => ({
      packageArn,
      modelName: 'n',
      endpointConfigName: 'c',
      runId: 'r',
      since: 's',
    });
    expect(await lineage.live('m')).toBeUndefined();
    expect(await lineage.setLive('m', pointer('p1'), 'p0')).toBe('moved');
    expect(await lineage.setLive('m', pointer('p1'), null)).toBe('written');
    expect(await lineage.setLive('m', pointer('p2'), null)).toBe('moved');
    expect(await lineage.setLive('m', pointer('p2'), 'p1')).toBe('written');
    expect(await lineage.live('m')).toEqual(pointer('p2'));
  });
});

test('of fifty runs that would begin at once, one does; and one execution waits for a trigger', async () => {
  const slot = dynamoTrainingSlot('lineage', emulator.aws.dynamodb);
  const runs = Array.from({ length: 50 }, (_, index) => ({
    run: `r${index}`,
    at: `2001-01-01T00:00:${10 + index}Z`,
    estimatedDollars: index === 0 ? null : 1.5,
  }));
  const outcomes = await Promise.all(runs.map((run) => slot.begin('slotted', run, undefined)));
  expect(outcomes.filter((outcome) => outcome === 'begun')).toHaveLength(1);
  const holder = await slot.holder('slotted');
  expect(holder).toEqual(runs[outcomes.indexOf('begun')]);
  const [later] = [{ run: 'later', at: '2001-01-02T00:00:00Z', estimatedDollars: 2 }];
  expect(await slot.begin('slotted', later, { ...later, run: 'another' })).toBe('moved');
  expect(await slot.begin('slotted', later, holder)).toBe('begun');
  expect(await slot.begun('slotted', '2001-01-01T00:00:00Z', 9)).toEqual([later, holder]);
  expect(await slot.begun('slotted', '2001-01-02T00:00:00Z', 9)).toEqual([later]);

  const waits = { execution: 'x', until: '2001-02-01T00:00:00Z' };
  expect(await slot.waiting('slotted', 'drift')).toBeUndefined();
  expect(await slot.wait('slotted', 'drift', waits, undefined)).toBe('waits');
  expect(await slot.wait('slotted', 'drift', { ...waits, execution: 'y' }, undefined)).toBe('moved');
  expect(await slot.wait('slotted', 'drift', { ...waits, execution: 'y' }, waits)).toBe('waits');
  expect(await slot.waiting('slotted', 'drift')).toEqual({ ...waits, execution: 'y' });
});

test('the audit chain has no gap and no fork, however many write at once and however often', async () => {
  const runs = Array.from({ length: 50 }, (_, index) =>
    lineageRecord({ model: 'a', kind: 'run', id: `r${index % 25}`, at: 'x', parents: [], detail: { auc: 0.7 } }),
  );
  await Promise.all(runs.map((record) => chainRecord(record, [], { lineage, ledger, auditBucket: lake })));
  const records = await lineage.between('a', 'run#', 'run#~');
  const listed = await lake.list(auditPrefix('a'));
  const stored = await Promise.all(listed.map(async ({ key }) => ({ key, text: await lake.getText(key) })));
  expect(verifyAudit('a', { stored, head: await ledger.head('a'), records })).toMatchObject({
    verdict: 'intact',
    records: 25,
  });
  const [first = runs[0]] = records;
  const other = lineageRecord({ model: 'a', kind: 'run', id: first?.id ?? '', at: 'x', parents: [], detail: {} });
  await expect(chainRecord(other, [], { lineage, ledger, auditBucket: lake })).rejects.toThrow('record-conflict');
});
