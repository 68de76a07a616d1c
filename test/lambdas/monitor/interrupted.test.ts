import { describe, expect, it } from 'vitest';
import { windowKeys } from '../../../contracts/keys.ts';
import { WindowReportSchema } from '../../../contracts/window.ts';
import { memoryLake } from '../memory-lake.ts';
import { memoryLineage } from '../memory-lineage.ts';
import { captured, FIRED, flights, labelOf, REPORT, stage, WINDOW } from './monitoring-stage.ts';

const AT = '2001-02-02T05:10:00Z';
const requests = (count: number, seed: number) =>
  flights(count, seed).map((row, index) => captured([row], AT, { inferenceId: `${seed}-${index}` }));
const first = requests(130, 6);
const late = requests(60, 7);
const labels = flights(130, 6).map((row, index) =>
  JSON.stringify({ inferenceId: `6-${index}`, row: 0, label: labelOf(row), at: '2001-02-02T23:00:00Z' }),
);

/** A stage, ready, whose lake or table fails at one of their writes, once; `failAt` counts from 1 and from the time it is set. */
async function fragile(options: Parameters<typeof stage>[0] = {}) {
  const state = { failAt: 0, written: 0 };
  const beforeWrite = (name: string) => {
    state.written += 1;
    if (state.written === state.failAt) throw new Error(`died before writing ${name}`);
  };
  const [lake, lineage] = [memoryLake({ beforeWrite }), memoryLineage([], { beforeWrite })];
  const monitoring = { minimumRows: 100, quality: { labelHorizonDays: 0, minimumLabels: 100 } };
  const made = stage({ quality: true, monitoring, lake, lineage, ...options });
  await made.ready;
  const failAt = (write: number) => Object.assign(state, { failAt: write, written: 0 });
  return { ...made, failAt, written: () => state.written };
}

/** A window that was judged with its first files, then files and labels that came late. */
async function amended(options: Parameters<typeof stage>[0] = {}) {
  const made = await fragile(options);
  await made.put(AT, first);
  await made.execute({ windowEnd: FIRED });
  await made.put(AT, late, 'late.jsonl');
  await made.lake.putText(
    `${windowKeys('flights', WINDOW.to).labels}a.jsonl`,
    labels.join('\n'),
    'application/jsonlines',
  );
  return made;
}

type Stage = Awaited<ReturnType<typeof fragile>>;
const windowsOf = ({ lineage }: Stage) =>
  [...lineage.records.values()].filter(({ kind }) => kind === 'window').map(({ id }) => id);
const SHARDS = { tools: { wholeBytes: 10, shardBytes: 60_000 } };

/** What is stored; `restore` brings it back. */
function snapshot({ lake, lineage }: Stage) {
  const [objects, records] = [new Map(lake.objects), new Map(lineage.records)];
  const refill = <V>(into: Map<string, V>, from: ReadonlyMap<string, V>) => {
    into.clear();
    for (const [key, value] of from) into.set(key, value);
  };
  const restore = () => {
    refill(lake.objects, objects);
    refill(lineage.records, records);
  };
  return { objects, records, restore };
}

/** Judges once without a failure, then for each write with one before it, and again; what `dead` says holds in between. */
async function killedBeforeEachWrite(made: Stage, dead: () => void): Promise<void> {
  const before = snapshot(made);
  made.failAt(0);
  await made.execute({ windowEnd: FIRED });
  const writes = made.written();
  // Ids, quality counts, page, report, record.
  expect(writes).toBeGreaterThanOrEqual(5);
  const calm = snapshot(made);
  for (let write = 1; write <= writes; write++) {
    before.restore();
    made.failAt(write);
    await expect(made.execute({ windowEnd: FIRED })).rejects.toThrow('died before writing');
    dead();
    await made.execute({ windowEnd: FIRED });
    const { objects, records } = snapshot(made);
    expect({ objects, records }).toEqual({ objects: calm.objects, records: calm.records });
  }
}

describe.each([
  ['read at once', {}],
  ['cut into shards', SHARDS],
])('a window %s whose judging dies before one of its writes', (_, options) => {
  it('is judged again to the same objects and the same record', async () => {
    const made = await fragile(options);
    await made.put(AT, first);
    await killedBeforeEachWrite(made, () => expect(windowsOf(made)).toEqual([]));
    expect(windowsOf(made)).toEqual([WINDOW.to]);
  });

  it('is amended once, and its report is the one before or the whole new one', async () => {
    const made = await amended(options);
    const seen = new Set<string>();
    const old = made.lake.text(REPORT);
    await killedBeforeEachWrite(made, () => void seen.add(made.lake.text(REPORT)));
    expect(windowsOf(made)).toEqual([WINDOW.to, expect.stringMatching(/\/[0-9a-f]{12}$/)]);
    const amendment = made.lake.text(REPORT);
    expect(WindowReportSchema.parse(JSON.parse(amendment))).toMatchObject({ amended: true });
    // The report is the last object: whoever dies before leaves the old one, and before the record the new one.
    expect([...seen]).toEqual([old, amendment]);
  });
});

describe('a window that is judged twice', () => {
  it('before anything is on record, has the record of both', async () => {
    const made = await fragile();
    await made.put(AT, first);
    const work = { step: 'begin', request: { windowEnd: FIRED } } as const;
    const answers = await Promise.all([made.step(work), made.step(work)]);
    for (const answer of answers) await made.finish(answer);
    expect(windowsOf(made)).toEqual([WINDOW.to]);
    expect(answers[0]).toEqual(answers[1]);
  });

  it('by two executions of which one saw fewer files, is amended by the next one', async () => {
    const made = await fragile();
    await made.put(AT, first);
    const work = { step: 'begin', request: { windowEnd: FIRED } } as const;
    const early = await made.step(work);
    await made.put(AT, late, 'late.jsonl');
    const complete = await made.step(work);
    await made.finish(early);
    // The table refuses the second record of one name: the report of the lake is ahead of it until the window is judged again.
    await made.finish(complete);
    expect(windowsOf(made)).toEqual([WINDOW.to]);
    const judged = await made.execute({ windowEnd: '2001-02-04T00:30:00Z' });
    expect(judged[0]?.judgement).toMatchObject({ because: 'late-files', amended: true, rows: 190 });
    expect(windowsOf(made).filter((id) => id.startsWith(WINDOW.to))).toHaveLength(2);
    const again = await made.execute({ windowEnd: '2001-02-04T00:30:00Z' });
    expect(again.map(({ judgement }) => judgement.because)).toEqual(['closed']);
  });
});
