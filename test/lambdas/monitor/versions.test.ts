import { describe, expect, it } from 'vitest';
import { windowKeys, windowReportKey } from '../../../contracts/keys.ts';
import { WindowReportSchema } from '../../../contracts/window.ts';
import { ARN, baselineOf, FIRED, flights, inHundreds, REPORT, stage, WINDOW } from './monitoring-stage.ts';

const NEXT = 'arn:aws:sagemaker:us-east-1:123456789012:model-package/modelway-flights/2';
const at = (hour: string, minute = '10') => `2001-02-02T${hour}:${minute}:00Z`;
const MOVED = 15;

/** A stage whose next version learned from a world in which every flight is fifteen minutes later. */
async function withNext(options: Parameters<typeof stage>[0] = {}) {
  const made = stage({ quality: true, ...options });
  await made.trained(NEXT, 'run-2', { baseline: baselineOf(flights(8000, 9, MOVED)) });
  const answer = (packageArn: string | null, count: number, time: string, extra = 0, seed = 3) =>
    made.put(time, inHundreds(flights(count, seed, extra), time, { packageArn }), `${seed}-${count}.jsonl`);
  return { ...made, answer };
}

describe('a window in which a new version took over', () => {
  it('is judged as the version that answered last, each version by its own training', async () => {
    const { answer, deployed, run, report, lake } = await withNext();
    await answer(ARN, 1500, at('05'));
    await answer(NEXT, 1200, at('20'), MOVED);
    await deployed(NEXT, 'run-2', at('18'));
    const judgement = await run();
    // Held against the first version's training the later rows would be drift, and so would all of them together.
    expect(judgement).toMatchObject({ verdict: 'none', packageArn: NEXT, rows: 1200 });
    expect(judgement.versions).toEqual([
      { packageArn: NEXT, rows: 1200 },
      { packageArn: ARN, rows: 1500 },
    ]);
    expect(judgement.summary).toMatch(/package\/1 answered 1500 rows beside it: no drift in 1500 rows.*; quality: /);
    const { versions, live, captured: counts } = report();
    expect(live).toEqual({ packageArn: NEXT, runId: 'run-2' });
    expect(counts).toMatchObject({ rows: 2700, otherModel: 1500 });
    expect(
      versions?.map(({ judged, rows, lastAt, drift }) => [judged, rows, lastAt.slice(11, 16), drift?.verdict]),
    ).toEqual([
      [true, 1200, '20:10', undefined],
      [false, 1500, '05:10', 'none'],
    ]);
    const page = lake.text(windowReportKey('flights', WINDOW.to, 'html'));
    expect(page).toContain('Who answered');
    expect(page).toContain('modelway-flights/2');
  });

  it('says of each part exactly what a window of that part alone says', async () => {
    const both = await withNext();
    await both.answer(ARN, 1500, at('05'));
    await both.answer(NEXT, 1200, at('20'), 2 * MOVED);
    await both.deployed(NEXT, 'run-2', at('18'));
    await both.run();
    const [first, second] = [await withNext(), await withNext()];
    await first.answer(ARN, 1500, at('05'));
    await first.run();
    await second.answer(NEXT, 1200, at('20'), 2 * MOVED);
    await second.deployed(NEXT, 'run-2', at('18'));
    await second.run();
    const { drift, quality, profile, versions } = both.report();
    expect({ drift, quality, profile }).toEqual({
      drift: second.report().drift,
      quality: second.report().quality,
      profile: second.report().profile,
    });
    expect(drift.verdict).toBe('drift');
    expect(versions?.[1]).toMatchObject({ drift: first.report().drift, quality: first.report().quality });
  });

  it('tells of the few rows of a new version, and judges them with the window after it', async () => {
    const { answer, deployed, run, report, execute, put, lake } = await withNext({
      now: () => new Date('2001-02-04T00:31:00Z'),
    });
    await answer(ARN, 1500, at('05'));
    await answer(NEXT, 300, at('23'), MOVED);
    await deployed(NEXT, 'run-2', at('22'));
    const judgement = await run();
    expect(judgement).toMatchObject({ verdict: 'none', packageArn: ARN, rows: 1500 });
    expect(report().versions?.[1]).toMatchObject({
      rows: 300,
      message: 'too few rows for a verdict of its own: 300, at least 1000 are needed',
    });
    const later = '2001-02-03T05:10:00Z';
    await put(later, inHundreds(flights(800, 8, MOVED), later, { packageArn: NEXT }));
    const [next] = await execute({ windowEnd: '2001-02-04T00:30:00Z' });
    expect(next?.judgement).toMatchObject({ verdict: 'none', packageArn: NEXT, rows: 800 });
    const text = lake.text(windowReportKey('flights', '2001-02-04T00:00:00.000Z', 'json'));
    const { drift, pooled } = WindowReportSchema.parse(JSON.parse(text));
    expect(drift.window.rows).toBe(1100);
    expect(pooled?.windows).toHaveLength(2);
  });

  it('does not inherit what stood against the version before: its own drift is told, and counted from its own windows', async () => {
    const { answer, deployed, execute, put, emitted } = await withNext({
      quality: false,
      now: () => new Date('2001-02-05T00:31:00Z'),
      monitoring: { alarmAfter: { windows: 2, of: 3 } },
    });
    const before = '2001-02-01T05:10:00Z';
    await put(before, inHundreds(flights(1500, 2, MOVED), before));
    await execute({ windowEnd: '2001-02-02T00:30:00Z' });
    await answer(ARN, 1500, at('05'), MOVED);
    const [told] = await execute({ windowEnd: FIRED });
    expect(told?.announce?.subject).toBe('flights: drift');
    await deployed(NEXT, 'run-2', '2001-02-03T00:00:00Z');
    const announced: (string | undefined)[] = [];
    for (const day of ['03', '04']) {
      const time = `2001-02-${day}T05:10:00Z`;
      await put(time, inHundreds(flights(1500, Number(day), 40), time, { packageArn: NEXT }));
      const judged = await execute({ windowEnd: `2001-02-0${Number(day) + 1}T00:30:00Z` });
      announced.push(judged.at(-1)?.announce?.subject);
      expect(judged.at(-1)?.judgement).toMatchObject({ verdict: 'drift', packageArn: NEXT });
    }
    // One drifted window of the new version is none of the two that count; the second one is.
    expect(announced).toEqual([undefined, 'flights: drift']);
    expect(emitted.map(({ DriftedFeatures = 0 }) => DriftedFeatures > 0)).toEqual([false, true, false, true]);
  });

  it('moves no alarm when the verdicts are of the version before, and counts its rows', async () => {
    const { answer, deployed, execute, emitted } = await withNext();
    await answer(ARN, 1500, at('05'), MOVED);
    await answer(NEXT, 300, at('23'), MOVED);
    await deployed(NEXT, 'run-2', at('22'));
    const [judged] = await execute({ windowEnd: FIRED });
    expect(judged).toMatchObject({ announce: null, judgement: { verdict: 'drift', packageArn: ARN } });
    expect(emitted).toEqual([{ MonitoredRows: 1500 }]);
  });
});

describe('a canary', () => {
  it('that was rolled back leaves the window of the model that stayed as it would have been', async () => {
    const [spoiled, calm] = [await withNext(), await withNext()];
    for (const { answer } of [spoiled, calm]) await answer(ARN, 1500, at('05'));
    await spoiled.answer(NEXT, 1100, at('10'), 40);
    for (const { answer } of [spoiled, calm]) await answer(ARN, 1400, at('15'), 0, 4);
    const [judgement] = [await spoiled.run(), await calm.run()];
    expect(judgement).toMatchObject({ verdict: 'none', packageArn: ARN, rows: 2900 });
    const parts = ({ report }: typeof calm) => {
      const { drift, quality, profile } = report();
      return { drift, quality, profile };
    };
    expect(parts(spoiled)).toEqual(parts(calm));
    expect(spoiled.report().versions?.[1]).toMatchObject({ packageArn: NEXT, rows: 1100, drift: { verdict: 'drift' } });
  });

  it('that was still on its way when the window ended does not take its verdicts', async () => {
    const { answer, run } = await withNext();
    await answer(ARN, 4000, at('23', '58'));
    await answer(NEXT, 1100, at('23', '59'), MOVED);
    expect(await run()).toMatchObject({ packageArn: ARN, rows: 4000 });
  });
});

describe('who answered', () => {
  it('is told of packages that no training run is on record of, whose rows are held against nothing', async () => {
    const { answer, run, report } = await withNext();
    await answer(ARN, 1500, at('05'));
    await answer('arn:stranger', 100, at('20'), MOVED);
    expect(await run()).toMatchObject({ verdict: 'none', packageArn: ARN, rows: 1500 });
    expect(report().versions?.[1]).toEqual({
      packageArn: 'arn:stranger',
      runId: null,
      rows: 100,
      explained: 100,
      lastAt: '2001-02-02T20:10:00.000Z',
      judged: false,
      message: 'no training run of it is on record, so that its rows are held against nothing',
    });
  });

  it('is the model that served then, where answers do not say', async () => {
    const { answer, deployed, run, execute, put } = await withNext();
    const before = '2001-02-01T05:10:00Z';
    await put(before, inHundreds(flights(1500, 2), before, { packageArn: null }));
    await execute({ windowEnd: '2001-02-02T00:30:00Z' });
    await answer(null, 1500, at('05'));
    await answer(null, 1200, at('20'), MOVED);
    await deployed(NEXT, 'run-2', at('18'));
    const judgement = await run();
    expect(judgement.versions).toEqual([
      { packageArn: NEXT, rows: 1200 },
      { packageArn: ARN, rows: 1500 },
    ]);
    // Judged again when yet another one serves, the same answers are taken for the same models.
    await deployed('arn:package/3', 'run-1', FIRED);
    const [again] = await execute(WINDOW);
    expect(again?.judgement.versions).toEqual(judgement.versions);
    expect(again?.recordId).toBe(WINDOW.to);
  });

  it('decides a range by hand: old windows are held against the model of their time', async () => {
    const { answer, deployed, execute, report } = await withNext();
    await answer(ARN, 1500, at('05'));
    await deployed(NEXT, 'run-2', '2001-02-03T00:20:00Z');
    const [judged] = await execute(WINDOW);
    expect(judged?.judgement).toMatchObject({ verdict: 'none', packageArn: ARN });
    expect(report().live).toEqual({ packageArn: ARN, runId: 'run-1' });
  });

  it('is the model of its time where nobody asked anything', async () => {
    const { deployed, execute, put } = await withNext();
    const before = '2001-02-01T05:10:00Z';
    await put(before, inHundreds(flights(1500, 2), before));
    await execute({ windowEnd: '2001-02-02T00:30:00Z' });
    await deployed(NEXT, 'run-2', '2001-02-03T00:20:00Z');
    const [idle] = await execute(WINDOW);
    expect(idle?.judgement).toMatchObject({ verdict: 'too-little-data', rows: 0, packageArn: ARN });
  });

  it('is counted alike when the window is cut into shards', async () => {
    const [whole, cut] = [await withNext(), await withNext({ tools: { wholeBytes: 10, shardBytes: 50_000 } })];
    for (const { answer, deployed, run } of [whole, cut]) {
      await answer(ARN, 1500, at('05'));
      await answer(NEXT, 1200, at('20'), MOVED);
      await answer(ARN, 100, at('21'), 0, 6);
      await deployed(NEXT, 'run-2', at('18'));
      await run();
    }
    expect(cut.steps.filter((step) => step === 'count').length).toBeGreaterThan(1);
    const rows = ({ report }: typeof whole) =>
      report().versions?.map(({ packageArn, judged, rows: answered, explained, lastAt }) => ({
        packageArn,
        judged,
        answered,
        explained,
        lastAt,
      }));
    expect(rows(cut)).toEqual(rows(whole));
    expect(cut.report().drift.verdict).toBe(whole.report().drift.verdict);
  });

  it('costs nothing where one version answered everything', async () => {
    const { answer, run, lake, report } = await withNext();
    await answer(ARN, 1500, at('05'));
    lake.writes.length = 0;
    const judgement = await run();
    expect(judgement.versions).toBe(undefined);
    expect(report().versions).toHaveLength(1);
    const keys = windowKeys('flights', WINDOW.to);
    expect(lake.writes).toEqual([keys.ids, keys.quality, REPORT.replace('.json', '.html'), REPORT]);
    expect(lake.text(REPORT.replace('.json', '.html'))).not.toContain('Who answered');
  });
});
