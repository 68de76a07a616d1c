import { describe, expect, test } from 'vitest';
import { auditKey } from '../../../contracts/keys.ts';
import { verifyChain } from '../../../core/lineage/audit-chain.ts';
import { canonicalJson, sha256 } from '../../../core/lineage/canonical-json.ts';
import { recordFact, snsSubject } from '../../../lambdas/record/record-fact.ts';
import { memoryLake } from '../memory-lake.ts';
import { memoryLedger, memoryLineage } from '../memory-lineage.ts';

const NOW = new Date('2001-03-01T00:00:00Z');
const fact = (id: string, changed: object = {}) => ({
  model: 'flights',
  kind: 'run' as const,
  id,
  parents: ['snapshot#s'],
  detail: { auc: 0.7 },
  announce: null,
  failed: false,
  ...changed,
});

function tools(lineage = memoryLineage()) {
  const published: { subject: string; message: string }[] = [];
  const failures: string[] = [];
  return {
    published,
    failures,
    lineage,
    auditBucket: memoryLake(),
    ledger: memoryLedger(),
    runbookUrl: 'https://example.org/runbook.md',
    publish: async (subject: string, message: string) => {
      published.push({ subject, message });
    },
    countFailure: (model: string) => {
      failures.push(model);
    },
    now: () => NOW,
  };
}
const chainOf = ({ auditBucket }: ReturnType<typeof tools>) =>
  [...auditBucket.objects.keys()].sort().map((key) => auditBucket.text(key));

test('a fact is recorded and chained; the chain vouches for what the table holds', async () => {
  const with_ = tools();
  expect(await recordFact(fact('r1'), with_)).toEqual({ recorded: 'run#r1' });
  await recordFact(fact('r2'), with_);
  const record = await with_.lineage.get('flights', 'run#r1');
  expect(record).toMatchObject({ parents: ['snapshot#s'], detail: canonicalJson({ auc: 0.7 }), at: NOW.toISOString() });
  expect(JSON.parse(with_.auditBucket.text(auditKey('flights', 0)))).toMatchObject({
    what: 'run',
    subject: 'run#r1',
    sha256: sha256(record?.detail ?? ''),
  });
  expect(verifyChain(chainOf(with_))).toEqual({ kind: 'intact', records: 2 });
  expect([with_.published, with_.failures]).toEqual([[], []]);
});

test('recorded again, nothing is written twice, even with another detail', async () => {
  const with_ = tools();
  await recordFact(fact('r1'), with_);
  await recordFact(fact('r1', { detail: { auc: 0.9 } }), with_);
  expect(chainOf(with_)).toHaveLength(1);
  expect((await with_.lineage.get('flights', 'run#r1'))?.detail).toBe('{"auc":0.7}');
});

test('many writers at once make one chain without gaps', async () => {
  const with_ = tools();
  await Promise.all(Array.from({ length: 20 }, (_, index) => recordFact(fact(`r${index}`), with_)));
  expect(verifyChain(chainOf(with_))).toEqual({ kind: 'intact', records: 20 });
});

test('an attempt that died between the ledger and the bucket is completed by the next', async () => {
  const broken = {
    ...tools(),
    auditBucket: memoryLake({
      beforeWrite: () => {
        throw new Error('out of reach');
      },
    }),
  };
  await expect(recordFact(fact('r1'), broken)).rejects.toThrow('run r1 was not fully recorded');
  const repaired = { ...broken, auditBucket: memoryLake() };
  await recordFact(fact('r2'), repaired);
  await recordFact(fact('r1'), repaired);
  expect(verifyChain(chainOf(repaired))).toEqual({ kind: 'intact', records: 2 });
});

describe('announcements', () => {
  const announce = { subject: 'flights: training failed', message: 'state Train failed', runbook: 'training-failed' };

  test('carry the link to the runbook', async () => {
    const with_ = tools();
    await recordFact(fact('f1', { kind: 'failure', announce, failed: true }), with_);
    expect(with_.published).toEqual([
      {
        subject: announce.subject,
        message: 'state Train failed\n\nWhat to do: https://example.org/runbook.md#training-failed\n',
      },
    ]);
    expect(with_.failures).toEqual(['flights']);
  });

  test('go out and are counted even when nothing can be written', async () => {
    const with_ = tools(
      memoryLineage([], {
        beforeWrite: () => {
          throw new Error('table out of reach');
        },
      }),
    );
    await expect(recordFact(fact('f1', { announce, failed: true }), with_)).rejects.toThrow('not fully recorded');
    expect([with_.published.length, with_.failures.length]).toEqual([1, 1]);
  });

  test('have subjects that SNS takes', () => {
    expect(snsSubject('flights: geprüft\nzweite Zeile')).toBe('flights: gepr ft zweite Zeile');
    expect(snsSubject('x'.repeat(150))).toHaveLength(100);
  });
});
