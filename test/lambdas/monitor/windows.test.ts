import { describe, expect, it } from 'vitest';
import { windowKeys, windowReportKey } from '../../../contracts/keys.ts';
import { captured, FIRED, flights, inHundreds, REPORT, stage, WINDOW } from './monitoring-stage.ts';

const DAY_BEFORE = { from: '2001-02-01T00:00:00.000Z', to: '2001-02-02T00:00:00.000Z' };
const ends = (judged: readonly { judgement: { window: { to: string } } }[]) =>
  judged.map(({ judgement }) => judgement.window.to.slice(0, 10));

describe('windows on schedule', () => {
  it('costs one invocation when nothing but the window that closed is to be judged', async () => {
    const { put, execute, steps } = stage();
    await put('2001-02-02T05:00:00Z', inHundreds(flights(1200, 2), '2001-02-02T05:10:00Z'));
    await execute({ windowEnd: FIRED });
    expect(steps).toEqual(['begin']);
  });

  it('judges a window again that late files came for, before the one that closed, and says why', async () => {
    const { put, execute, lake } = stage();
    await put('2001-02-01T05:00:00Z', inHundreds(flights(1200, 2), '2001-02-01T05:10:00Z'));
    expect(ends(await execute({ windowEnd: '2001-02-02T00:30:00Z' }))).toEqual(['2001-02-02']);
    await put('2001-02-01T06:00:00Z', inHundreds(flights(300, 3), '2001-02-01T06:10:00Z'), 'late.jsonl');
    await put('2001-02-02T05:00:00Z', inHundreds(flights(1100, 4), '2001-02-02T05:10:00Z'));
    const [late, closed] = await execute({ windowEnd: FIRED });
    expect(late?.judgement).toMatchObject({ window: DAY_BEFORE, because: 'late-files', amended: true, rows: 1500 });
    expect(late?.recordId).toMatch(/^2001-02-02T00:00:00\.000Z\/[0-9a-f]{12}$/);
    expect(closed?.judgement).toMatchObject({ window: WINDOW, because: 'closed', amended: false, rows: 1100 });
    expect(lake.text(windowReportKey('flights', DAY_BEFORE.to, 'html'))).toContain('late files came');
  });

  it('does not take files of the hour after a window for late ones: they are still being written when it is judged', async () => {
    const { put, execute } = stage();
    await put('2001-02-01T05:00:00Z', inHundreds(flights(1200, 2), '2001-02-01T05:10:00Z'));
    await put('2001-02-02T00:00:00Z', [captured(flights(5, 3), '2001-02-01T23:59:59Z')], 'a.jsonl');
    await execute({ windowEnd: '2001-02-02T00:30:00Z' });
    await put('2001-02-02T00:00:00Z', [captured(flights(5, 3), '2001-02-02T00:40:00Z')], 'b.jsonl');
    expect(ends(await execute({ windowEnd: FIRED }))).toEqual(['2001-02-03']);
  });

  it('reads a window once more for a late file that changes nothing, and says that nothing changed', async () => {
    const { put, execute } = stage({ now: () => new Date('2001-02-05T00:31:00Z') });
    await put('2001-02-01T05:00:00Z', inHundreds(flights(1200, 2), '2001-02-01T05:10:00Z'));
    await execute({ windowEnd: '2001-02-02T00:30:00Z' });
    await put('2001-02-01T06:00:00Z', [captured(flights(5, 3), '2001-01-31T23:00:00Z')], 'other-day.jsonl');
    const [late] = await execute({ windowEnd: FIRED });
    expect(late?.judgement).toMatchObject({ because: 'late-files', amended: false, rows: 1200, files: { count: 2 } });
    expect(late?.announce).toBe(null);
    expect(ends(await execute({ windowEnd: FIRED }))).toEqual(['2001-02-03']);
  });

  it('judges the newest window last, after the one whose labels became mature', async () => {
    const { put, execute, lake } = stage({ monitoring: { quality: { labelHorizonDays: 1 } } });
    await put('2001-02-01T05:00:00Z', inHundreds(flights(1200, 2), '2001-02-01T05:10:00Z'));
    await lake.putText(`${windowKeys('flights', DAY_BEFORE.to).labels}a.jsonl`, '', 'application/jsonlines');
    const judged = await execute({ windowEnd: FIRED });
    expect(judged.map(({ judgement }) => [judgement.window.to, judgement.because])).toEqual([
      [DAY_BEFORE.to, 'matured'],
      [WINDOW.to, 'closed'],
    ]);
  });

  it('does not read a window again that no label came for when it matures', async () => {
    const { execute } = stage({ monitoring: { quality: { labelHorizonDays: 1 } } });
    expect(ends(await execute({ windowEnd: FIRED }))).toEqual(['2001-02-03']);
  });

  it('keeps the record when it is fired twice for the same window', async () => {
    const { put, execute, lineage } = stage();
    await put('2001-02-02T05:00:00Z', inHundreds(flights(1200, 2), '2001-02-02T05:10:00Z'));
    await execute({ windowEnd: FIRED });
    const records = new Map(lineage.records);
    const [again] = await execute({ windowEnd: FIRED });
    expect(again).toMatchObject({ recordId: WINDOW.to, judgement: { amended: false }, announce: null });
    expect(lineage.records).toEqual(records);
  });

  it('judges a window as the model it was first judged as, although another one serves by now', async () => {
    const { put, execute, lineage, report } = stage();
    await put('2001-02-02T05:00:00Z', inHundreds(flights(1200, 2), '2001-02-02T05:10:00Z'));
    await execute({ windowEnd: FIRED });
    const next = {
      packageArn: 'arn:package/2',
      modelName: 'm2',
      endpointConfigName: 'c2',
      runId: 'run-2',
      since: FIRED,
    };
    await lineage.setLive('flights', next, 'arn:package/1');
    await execute(WINDOW);
    expect(report().live).toEqual({ packageArn: 'arn:package/1', runId: 'run-1' });
  });
});

describe('windows by hand', () => {
  const week = { from: '2001-01-27T00:00:00Z', to: '2001-02-02T12:00:00Z' };

  it('judges every whole window of a range, oldest first, without metrics or messages', async () => {
    const { put, execute, steps, emitted } = stage();
    await put('2001-01-30T05:00:00Z', inHundreds(flights(1200, 2, 15), '2001-01-30T05:10:00Z'));
    const judged = await execute(week);
    expect(ends(judged)).toEqual(['2001-01-28', '2001-01-29', '2001-01-30', '2001-01-31', '2001-02-01', '2001-02-02']);
    expect(judged.map(({ judgement }) => judgement.verdict)).toEqual([
      'too-little-data',
      'too-little-data',
      'too-little-data',
      'drift',
      'too-little-data',
      'too-little-data',
    ]);
    expect(steps).toEqual(['begin', ...Array(5).fill('judge')]);
    expect(emitted).toEqual([]);
    expect(judged.map(({ announce }) => announce)).toEqual(Array(6).fill(null));
  });

  it('counts the newest window as the present: a run that failed can be made up for', async () => {
    const { put, execute, emitted } = stage();
    await put('2001-02-02T05:00:00Z', inHundreds(flights(1200, 2), '2001-02-02T05:10:00Z'));
    await execute(WINDOW);
    expect(emitted).toEqual([{ DriftedFeatures: 0, MonitoredRows: 1200 }]);
  });

  it('refuses a range that has not closed', async () => {
    const { execute } = stage();
    await expect(execute({ from: '2001-02-01T00:00:00Z', to: '2001-02-04T00:00:00Z' })).rejects.toThrow(
      /invalid-range: to: lies beyond the last window that has closed .*; end the range at 2001-02-03/,
    );
  });

  it('refuses an input that is neither a schedule nor a range', async () => {
    const { step } = stage();
    const request = JSON.parse('{"since": "2001-02-01"}');
    await expect(step({ step: 'begin', request })).rejects.toThrow(/must be \{\\?"windowEnd\\?": …\}/);
  });
});

describe('messages', () => {
  const drifting = (at: string, seed: number) => inHundreds(flights(1200, seed, 15), at);
  const calm = (at: string, seed: number) => inHundreds(flights(1200, seed), at);

  it('tell of drift once, when it appears, with what, since when, by how much and where to read on', async () => {
    const { put, execute } = stage({ now: () => new Date('2001-02-05T00:31:00Z') });
    await put('2001-02-01T05:00:00Z', calm('2001-02-01T05:10:00Z', 2));
    await put('2001-02-02T05:00:00Z', drifting('2001-02-02T05:10:00Z', 3));
    await put('2001-02-03T05:00:00Z', drifting('2001-02-03T05:10:00Z', 4));
    const days = ['2001-02-02', '2001-02-03', '2001-02-04'].map((day) => `${day}T00:30:00Z`);
    const judged = [];
    for (const windowEnd of days) judged.push(...(await execute({ windowEnd })));
    const [before, appeared, stands] = judged.map(({ announce }) => announce);
    expect(before).toBe(null);
    expect(stands).toBe(null);
    expect(appeared).toMatchObject({ subject: 'flights: drift', runbook: 'alarm-drift' });
    expect(appeared?.message).toMatch(/^Drift: .*mean (earlier|prediction) rose from/);
    expect(appeared?.message).toContain('Window: 2001-02-02 00:00 to 2001-02-03 00:00 (UTC), 1200 rows.');
    expect(appeared?.message).toContain('Since: 2001-02-02 00:00 (UTC).');
    expect(appeared?.message).toContain(`Report: s3://lake/${REPORT.replace('.json', '.html')}`);
  });

  it('wait until enough windows drifted, and so does the metric', async () => {
    const { put, execute, emitted } = stage({
      monitoring: { alarmAfter: { windows: 2, of: 3 } },
      now: () => new Date('2001-02-05T00:31:00Z'),
    });
    await put('2001-02-01T05:00:00Z', drifting('2001-02-01T05:10:00Z', 2));
    await put('2001-02-02T05:00:00Z', calm('2001-02-02T05:10:00Z', 3));
    await put('2001-02-03T05:00:00Z', drifting('2001-02-03T05:10:00Z', 4));
    const judged = [];
    for (const day of ['2001-02-02', '2001-02-03', '2001-02-04'])
      judged.push(...(await execute({ windowEnd: `${day}T00:30:00Z` })));
    expect(judged.map(({ judgement }) => judgement.verdict)).toEqual(['drift', 'none', 'drift']);
    expect(emitted.map(({ DriftedFeatures }) => DriftedFeatures)).toEqual([0, 0, 2]);
    expect(judged.map(({ announce }) => announce !== null)).toEqual([false, false, true]);
    expect(judged[2]?.announce?.message).toContain('Since: 2001-02-01 00:00 (UTC).');
  });
});
