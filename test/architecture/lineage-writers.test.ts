import { describe, expect, test } from 'vitest';
import { lineageRecord } from '../../core/lineage/lineage-record.ts';
import { putOnce } from '../../lambdas/aws/put-once.ts';
import { memoryLineage } from '../lambdas/memory-lineage.ts';
import { projectFiles, textOf } from './checkout.ts';

/** Calls that write to a DynamoDB table, by the SDK or by a state machine. */
const WRITES =
  /new (PutItem|UpdateItem|DeleteItem|BatchWriteItem|TransactWriteItems|ExecuteStatement)\w*Command|'dynamodb',\s*'(putItem|updateItem|deleteItem)'/g;

const writers = projectFiles()
  .filter((file) => /^(lambdas|lib|cli|bin)\/.*\.ts$/.test(file))
  .map((file) => ({ file, text: textOf(file) }))
  .filter(({ text }) => text.match(WRITES) !== null);

describe('the lineage table', () => {
  test('is written to in these files only', () => {
    expect(writers.map(({ file }) => file).sort()).toEqual([
      'lambdas/aws/audit-ledger.ts',
      'lambdas/aws/lineage-table.ts',
      'lambdas/aws/training-slot.ts',
      'lib/asl/deployment-lock.ts',
    ]);
  });

  test('is never written to without a condition', () => {
    for (const { file, text } of writers) expect([file, /ConditionExpression/.test(text)]).toEqual([file, true]);
  });

  test('gets its records from these functions only', () => {
    const putting = projectFiles().filter(
      (file) => /^lambdas\/.*\.ts$/.test(file) && /\b(lineage\.put|putOnce|chainRecord)\(/.test(textOf(file)),
    );
    expect(putting.filter((file) => !file.startsWith('lambdas/aws/')).sort()).toEqual([
      'lambdas/intake/register-version.ts',
      'lambdas/record/record-fact.ts',
      'lambdas/snapshot/take-snapshot.ts',
    ]);
  });
});

describe('a record whose content follows from its name', () => {
  const snapshot = (rows: number, at: string) =>
    lineageRecord({ model: 'm', kind: 'snapshot', id: 's', at, parents: ['dataset#d'], detail: { rows } });

  test('may be put again, at another time', async () => {
    const lineage = memoryLineage();
    await putOnce(lineage, 'm', snapshot(1, 'then'));
    await putOnce(lineage, 'm', snapshot(1, 'later'));
    expect((await lineage.get('m', 'snapshot#s'))?.at).toBe('then');
  });

  test('is refused and told when it says something else, and the first one stays', async () => {
    const lineage = memoryLineage();
    await putOnce(lineage, 'm', snapshot(1, 'then'));
    await expect(putOnce(lineage, 'm', snapshot(2, 'later'))).rejects.toThrow(
      /record-conflict: snapshot#s: was recorded at then and says something else/,
    );
    expect((await lineage.get('m', 'snapshot#s'))?.detail).toBe('{"rows":1}');
  });
});
