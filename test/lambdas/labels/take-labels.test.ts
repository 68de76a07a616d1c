import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { labelsInboxPrefix, windowKeys } from '../../../contracts/keys.ts';
import { LabelsRequestSchema, LabelsResultSchema } from '../../../contracts/monitoring-steps.ts';
import { lineageRecord } from '../../../core/lineage/lineage-record.ts';
import { idCollector } from '../../../core/monitoring/id-index.ts';
import { takeLabels } from '../../../lambdas/labels/take-labels.ts';
import { flightsModel } from '../flights-model.ts';
import { memoryLake } from '../memory-lake.ts';
import { memoryLineage } from '../memory-lineage.ts';

const KEY = `${labelsInboxPrefix('flights')}2001-03.jsonl`;
const ARRIVED = '2001-03-10T12:00:00Z';
const dayEnd = (day: string) => `2001-${day}T00:00:00.000Z`;
const label = (inferenceId: string, more: object = {}) => ({ inferenceId, label: 1, ...more });
const lines = (...rows: readonly object[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join('');

function stage(monitoring: object = {}) {
  const model = flightsModel({
    monitoring: { every: 'day', quality: { labelHorizonDays: 10 }, ...monitoring },
  });
  const lake = memoryLake();
  const lineage = memoryLineage();
  /** A window that was judged, with the ids that were answered in it. */
  const judged = async (to: string, ids: readonly string[], idsKept = true) => {
    const collector = idCollector();
    for (const id of ids) collector.add(id);
    if (idsKept)
      await lake.putBytes(
        windowKeys('flights', to).ids,
        Buffer.from(collector.index() ?? '', 'base64'),
        'application/octet-stream',
      );
    const detail = {
      verdict: 'none',
      rows: ids.length,
      drifted: [],
      reportKey: 'r',
      summary: '',
      window: { from: '', to },
      packageArn: 'a',
      amended: false,
      idsKept,
    };
    await lineage.put(lineageRecord({ model: 'flights', kind: 'window', id: to, at: to, parents: [], detail }));
  };
  const take = async (labels: unknown, now = '2001-03-10T12:01:00Z') => {
    const input = LabelsRequestSchema.parse({ model, execution: 'e-1', labels, startedAt: ARRIVED });
    return LabelsResultSchema.parse(
      await takeLabels(input, { lakeBucket: 'lake', lake, lineage, now: () => new Date(now) }),
    );
  };
  const upload = async (content: string | Uint8Array, now?: string) => {
    await lake.putBytes(`${KEY}?v1`, Buffer.from(content), 'text/plain');
    return take({ bucket: 'lake', key: KEY, versionId: 'v1', uploadedAt: ARRIVED }, now);
  };
  /** Stored labels by the end of their window. */
  const stored = () => {
    const found: Record<string, unknown[]> = {};
    for (const [key, bytes] of lake.objects) {
      const to = /monitoring\/flights\/([^/]+)\/labels\/[0-9a-f]{32}\.jsonl$/.exec(key)?.[1]?.slice(0, 10);
      if (to === undefined) continue;
      const rows = Buffer.from(bytes)
        .toString()
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line));
      found[to] = [...(found[to] ?? []), ...rows];
    }
    return found;
  };
  return { lake, lineage, judged, take, upload, stored };
}

describe('labels with the time of their prediction', () => {
  it('are put beside the windows of their predictions, with the time they became known', async () => {
    const { upload, stored } = stage();
    const { taken, announce, todo } = await upload(
      lines(
        label('a', { predictedAt: '2001-03-01T23:59:59Z', at: '2001-03-05T00:00:00Z', value: 3 }),
        label('b', { predictedAt: '2001-03-02T00:00:00Z', row: 2, label: false }),
        label('c', { predictedAt: '2001-03-01T12:00:00Z' }),
      ),
    );
    expect(stored()).toEqual({
      '2001-03-02': [
        {
          inferenceId: 'a',
          row: 0,
          label: 1,
          value: 3,
          predictedAt: '2001-03-01T23:59:59Z',
          at: '2001-03-05T00:00:00Z',
        },
        { inferenceId: 'c', row: 0, label: 1, predictedAt: '2001-03-01T12:00:00Z', at: '2001-03-10T12:00:00.000Z' },
      ],
      '2001-03-03': [
        { inferenceId: 'b', row: 2, label: 0, predictedAt: '2001-03-02T00:00:00Z', at: '2001-03-10T12:00:00.000Z' },
      ],
    });
    expect(taken).toMatchObject({ verdict: 'taken', labels: 3, bad: 0, notFound: 0, windows: 2, reportKey: null });
    expect(announce).toBe(null);
    expect(todo).toEqual([]);
  });

  it('have the windows judged again that were judged and are mature, oldest first', async () => {
    const { upload, judged } = stage();
    await judged(dayEnd('02-27'), []);
    await judged(dayEnd('02-20'), []);
    await judged(dayEnd('03-05'), []);
    const { todo } = await upload(
      lines(
        label('new', { predictedAt: '2001-03-04T01:00:00Z' }),
        label('b', { predictedAt: '2001-02-26T01:00:00Z' }),
        label('a', { predictedAt: '2001-02-19T01:00:00Z' }),
        label('never judged', { predictedAt: '2001-02-21T01:00:00Z' }),
      ),
    );
    expect(todo).toEqual([
      { from: dayEnd('02-19'), to: dayEnd('02-20'), because: 'labels' },
      { from: dayEnd('02-26'), to: dayEnd('02-27'), because: 'labels' },
    ]);
  });

  it('are told apart when most of them name no prediction of their window: the wrong id is in the file', async () => {
    const { upload, judged, stored } = stage();
    await judged(dayEnd('03-02'), ['a', 'b', 'c']);
    const at = { predictedAt: '2001-03-01T01:00:00Z' };
    const { taken, announce } = await upload(lines(label('a', at), label('order-7', at), label('order-8', at)));
    expect(taken).toMatchObject({ verdict: 'mostly-unmatched', labels: 3, unmatched: 2 });
    expect(taken.summary).toContain('2 of 3 name no prediction of their window');
    expect(announce?.message).toContain('X-Amzn-SageMaker-Inference-Id');
    expect(Object.values(stored()).flat()).toHaveLength(3);
  });

  it('are not announced for a few that name none, nor held against windows that were not judged', async () => {
    const { upload, judged } = stage();
    await judged(dayEnd('03-02'), ['a', 'b', 'c']);
    const at = { predictedAt: '2001-03-01T01:00:00Z' };
    const open = { predictedAt: '2001-03-05T01:00:00Z' };
    const { taken, announce } = await upload(lines(label('a', at), label('b', at), label('x', at), label('y', open)));
    expect(taken).toMatchObject({ verdict: 'taken', labels: 4, unmatched: 1, reportKey: expect.any(String) });
    expect(announce).toBe(null);
  });

  it('are set aside when their prediction would have been made after they came', async () => {
    const { upload, lake, stored } = stage();
    const { taken, announce } = await upload(
      lines(label('a', { predictedAt: '2001-03-10T12:00:01Z' }), label('b', { predictedAt: '2001-03-10T11:00:00Z' })),
    );
    expect(taken).toMatchObject({ verdict: 'partly-taken', labels: 1, bad: 1 });
    expect(Object.values(stored()).flat()).toHaveLength(1);
    expect(announce?.message).toMatch(/1 set aside, the first \(line 1\): predictedAt lies after the label arrived/);
    expect(JSON.parse(lake.text(taken.reportKey ?? ''))).toMatchObject({ badLines: [{ line: 1 }] });
  });
});

describe('labels without the time of their prediction', () => {
  it('are found by their ids, in the newest window that has them', async () => {
    const { upload, judged, stored } = stage();
    await judged(dayEnd('03-05'), ['a', 'b']);
    await judged(dayEnd('03-08'), ['b', 'c']);
    const { taken } = await upload(lines(label('a'), label('b'), label('c')));
    expect(taken).toMatchObject({ verdict: 'taken', windows: 2, notFound: 0 });
    const ids = Object.entries(stored()).map(([to, rows]) => [
      to,
      JSON.stringify(rows).match(/"inferenceId":"\w/g)?.length,
    ]);
    expect(Object.fromEntries(ids)).toEqual({ '2001-03-05': 1, '2001-03-08': 2 });
  });

  it('wait beside the windows that are not judged yet, when no judged one has them', async () => {
    const { upload, judged, stored } = stage();
    await judged(dayEnd('03-09'), ['b']);
    const { taken, announce } = await upload(lines(label('soon')));
    // Of the tenth, which has closed and may still be judged, and of the day that is running.
    expect(Object.keys(stored()).sort()).toEqual(['2001-03-10', '2001-03-11']);
    expect(taken).toMatchObject({
      verdict: 'taken',
      notFound: 1,
      summary: expect.stringContaining('1 of no prediction'),
    });
    expect(taken.reportKey).not.toBe(null);
    expect(announce).toBe(null);
  });

  it('are not searched for beyond the label horizon, nor in windows whose ids were too many to keep', async () => {
    const { upload, judged } = stage();
    await judged(dayEnd('02-01'), ['old']);
    await judged(dayEnd('03-08'), ['crowd'], false);
    expect((await upload(lines(label('old'), label('crowd')))).taken.notFound).toBe(2);
  });
});

describe('a delivery of labels', () => {
  it('changes nothing when it comes again, although it comes later', async () => {
    const { upload, take, judged, lake } = stage();
    await judged(dayEnd('02-20'), ['a']);
    const rows = [label('a', { predictedAt: '2001-02-19T01:00:00Z' })];
    const first = await upload(lines(...rows));
    const before = new Map(lake.objects);
    expect(await upload(lines(...rows))).toEqual(first);
    const again = await take(rows, '2001-03-11T00:00:00Z');
    expect(again.todo).toEqual(first.todo);
    expect(lake.objects).toEqual(before);
  });

  it('may come in the input itself, and gzipped, and as CSV', async () => {
    const csv = 'inferenceId,label,predictedAt\na,1,2001-03-01T01:00:00Z\n';
    const [inline, packed] = [stage(), stage()];
    await inline.take([label('a', { predictedAt: '2001-03-01T01:00:00Z' })]);
    await packed.upload(gzipSync(csv));
    expect(inline.stored()).toEqual(packed.stored());
    expect(Object.keys(inline.stored())).toEqual(['2001-03-02']);
  });

  it('is refused as a whole when it is training data, with the place for that', async () => {
    const { upload, stored, lake } = stage();
    const { taken, announce, todo } = await upload('distance,origin,late\n1,ORD,1\n');
    expect(taken).toMatchObject({ verdict: 'refused', labels: 0 });
    expect(announce).toMatchObject({ subject: 'flights: labels refused', runbook: 'upload-quarantined' });
    expect(announce?.message).toContain('Training data belongs below inbox/flights/, outside labels/');
    expect(todo).toEqual([]);
    expect(stored()).toEqual({});
    expect(lake.text(taken.reportKey ?? '')).toContain('no labels were taken');
  });

  it('is refused when it is empty, and when no line of it is a label', async () => {
    expect((await stage().upload('')).taken.summary).toMatch(/it holds no labels/);
    expect((await stage().upload('{"inferenceId": 3}\n{}\n')).taken).toMatchObject({ verdict: 'refused' });
  });

  it('keeps the good lines of a file with bad ones', async () => {
    const { upload } = stage();
    const { taken, announce } = await upload(
      `${lines(label('a', { predictedAt: '2001-03-01T01:00:00Z' }))}{"label": 1}\nnonsense\n`,
    );
    expect(taken).toMatchObject({ verdict: 'partly-taken', labels: 1, bad: 2 });
    expect(announce).toMatchObject({ subject: 'flights: 2 labels set aside' });
    expect(announce?.message).toContain('Report: s3://lake/reports/flights/labels/e-1.json');
  });

  it('must come from the model’s own labels folder', async () => {
    const { take } = stage();
    await expect(
      take({ bucket: 'lake', key: 'inbox/other/labels/x.jsonl', versionId: 'v', uploadedAt: ARRIVED }),
    ).rejects.toThrow(/labels\.key: lies outside the folder of labels .*upload below inbox\/flights\/labels\//);
  });

  it('takes at most a thousand rows in the input', async () => {
    const { take } = stage();
    await expect(take(Array.from({ length: 1001 }, (_, i) => label(`i${i}`)))).rejects.toThrow();
  });
});
