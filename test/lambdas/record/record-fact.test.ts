import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { auditKey } from '../../../contracts/keys.ts';
import { canonicalJson, sha256 } from '../../../core/lineage/canonical-json.ts';
import { verifyAudit } from '../../../core/lineage/verify-audit.ts';
import { recordFact, snsSubject } from '../../../lambdas/record/record-fact.ts';
import { memoryLake } from '../memory-lake.ts';
import { lineageRecord, memoryLedger, memoryLineage } from '../memory-lineage.ts';

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

function tools(lineage = memoryLineage(), auditBucket = memoryLake()) {
  const published: { subject: string; message: string }[] = [];
  const failures: string[] = [];
  return {
    published,
    failures,
    lineage,
    auditBucket,
    ledger: memoryLedger(lineage),
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
  [...auditBucket.objects.keys()].sort().map((key) => ({ key, text: auditBucket.text(key) }));

/** What `audit verify` would say. */
async function verdictOf(with_: ReturnType<typeof tools>) {
  const records = [...with_.lineage.records.values()];
  return verifyAudit('flights', { stored: chainOf(with_), head: await with_.ledger.head('flights'), records });
}
const INTACT = { verdict: 'intact', broken: null, differing: [] };

test('a fact is recorded and chained; the chain vouches for what the table holds', async () => {
  const with_ = tools();
  expect(await recordFact(fact('r1'), with_)).toEqual({ recorded: 'run#r1', outcome: 'recorded' });
  await recordFact(fact('r2'), with_);
  const record = await with_.lineage.get('flights', 'run#r1');
  expect(record).toMatchObject({ parents: ['snapshot#s'], detail: canonicalJson({ auc: 0.7 }), at: NOW.toISOString() });
  expect(JSON.parse(with_.auditBucket.text(auditKey('flights', 0)))).toMatchObject({
    what: 'run',
    subject: 'run#r1',
    sha256: sha256(
      canonicalJson({ sk: 'run#r1', at: NOW.toISOString(), parents: ['snapshot#s'], detail: record?.detail }),
    ),
  });
  expect(await verdictOf(with_)).toMatchObject({ ...INTACT, records: 2 });
  expect([with_.published, with_.failures]).toEqual([[], []]);
});

test('recorded again, nothing is written twice, at whatever time', async () => {
  const with_ = tools();
  await recordFact(fact('r1'), with_);
  await recordFact(fact('r1'), { ...with_, now: () => new Date('2001-03-02T00:00:00Z') });
  expect(await verdictOf(with_)).toMatchObject({ ...INTACT, records: 1 });
});

test.each([{ detail: { auc: 0.9 } }, { parents: ['snapshot#other'] }])(
  'a fact of the same name that says something else (%j) is refused and told, and the first one stays',
  async (changed) => {
    const with_ = tools();
    await recordFact(fact('r1'), with_);
    const refused: unknown = await recordFact(fact('r1', changed), with_).catch((error: unknown) => error);
    expect(refused).toMatchObject({ errors: [{ code: 'record-conflict' }] });
    expect((await with_.lineage.get('flights', 'run#r1'))?.detail).toBe('{"auc":0.7}');
    expect(await verdictOf(with_)).toMatchObject({ ...INTACT, records: 1 });
  },
);

test.each(['window', 'failure'] as const)(
  'of a %s that is told again in other words, the first one stands',
  async (kind) => {
    const warned = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    const with_ = tools();
    await recordFact(fact('w1', { kind }), with_);
    const again = await recordFact(fact('w1', { kind, detail: { auc: 0.9 } }), with_);
    expect(again).toEqual({ recorded: `${kind}#w1`, outcome: 'first-stands' });
    expect(await verdictOf(with_)).toMatchObject({ ...INTACT, records: 1 });
    expect(warned).toHaveBeenCalledWith(JSON.stringify({ firstStands: `${kind}#w1`, model: 'flights' }));
    warned.mockRestore();
  },
);

test('many writers at once make one chain without gaps', async () => {
  const with_ = tools();
  await Promise.all(Array.from({ length: 50 }, (_, index) => recordFact(fact(`r${index % 25}`), with_)));
  expect(await verdictOf(with_)).toMatchObject({ ...INTACT, records: 25 });
});

test('writers in any order of their steps make one chain without gaps', async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), async (scheduler) => {
      const with_ = tools();
      const { lineage, ledger, auditBucket } = with_;
      const slow = {
        ...with_,
        lineage: { ...lineage, get: scheduler.scheduleFunction(lineage.get) },
        ledger: {
          ...ledger,
          head: scheduler.scheduleFunction(ledger.head),
          append: scheduler.scheduleFunction(ledger.append),
        },
        auditBucket: { ...auditBucket, putText: scheduler.scheduleFunction(auditBucket.putText) },
      };
      const writers = Promise.all(['a', 'b', 'a', 'c'].map((id) => recordFact(fact(id), slow)));
      await scheduler.waitFor(writers);
      expect(await verdictOf(with_)).toMatchObject({ ...INTACT, records: 3 });
    }),
    { numRuns: 60 },
  );
});

test('records that functions wrote themselves are chained before what was made from them', async () => {
  const with_ = tools();
  const own = (kind: 'dataset' | 'snapshot', id: string, parents: readonly string[]) =>
    with_.lineage.put(lineageRecord('flights', { kind, id, at: 'then', parents, detail: { rows: 1 } }));
  await own('dataset', 'd1', ['intake#i1']);
  await own('dataset', 'd2', ['intake#i2']);
  await own('snapshot', 's', ['dataset#d1']);
  expect((await verdictOf(with_)).differing.map(({ record }) => record).sort()).toEqual([
    'dataset#d1',
    'dataset#d2',
    'snapshot#s',
  ]);
  await recordFact(fact('r1'), with_);
  await recordFact(fact('i2', { kind: 'intake', parents: [], vouchFor: ['dataset#d2', 'dataset#gone'] }), with_);
  expect(await verdictOf(with_)).toMatchObject({ ...INTACT, records: 5 });
  expect(chainOf(with_).map(({ text }) => JSON.parse(text).subject)).toEqual([
    'dataset#d1',
    'snapshot#s',
    'run#r1',
    'dataset#d2',
    'intake#i2',
  ]);
});

test('a writer that dies at any write leaves a chain that the next one completes', async () => {
  for (const dies of ['table', 'bucket'] as const) {
    const armed = { now: false };
    const strike = () => {
      if (armed.now) throw new Error('out of reach');
    };
    const with_ = tools(
      memoryLineage([], dies === 'table' ? { beforeWrite: strike } : {}),
      memoryLake(dies === 'bucket' ? { beforeWrite: strike } : {}),
    );
    await recordFact(fact('r1'), with_);
    armed.now = true;
    await expect(recordFact(fact('r2'), with_)).rejects.toThrow('run r2 was not fully recorded');
    armed.now = false;
    const broken =
      dies === 'bucket' ? { sequence: 1, key: null, reason: expect.stringContaining('its writer died') } : null;
    expect((await verdictOf(with_)).broken).toEqual(broken);
    await recordFact(fact('r3'), with_);
    await recordFact(fact('r2'), with_);
    expect(await verdictOf(with_)).toMatchObject({ ...INTACT, records: 3 });
  }
});

test('what a caller says of a person is nowhere in the locked bucket', async () => {
  const with_ = tools();
  const upload = { key: 'inbox/flights/jane-doe-1974.csv', versionId: 'v' };
  const row = { name: 'Jane Doe', born: '1974' };
  await recordFact(fact('i1', { kind: 'intake', parents: [], detail: { upload, row } }), with_);
  const locked = chainOf(with_)
    .map(({ key, text }) => key + text)
    .join();
  expect(locked).not.toMatch(/jane|doe|1974/i);
  expect(Object.keys(JSON.parse(with_.auditBucket.text(auditKey('flights', 0)))).sort()).toEqual([
    'at',
    'model',
    'previous',
    'sequence',
    'sha256',
    'subject',
    'what',
  ]);
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
