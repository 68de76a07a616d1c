import { describe, expect, it } from 'vitest';
import { windowReportKey } from '../../../contracts/keys.ts';
import { captureLine } from '../../core/capture/capture-line.ts';
import { FEATURES } from '../flights-model.ts';
import { ARN, captured, flights, inHundreds, REPORT, stage, WINDOW } from './monitoring-stage.ts';

describe('a judged window', () => {
  it('finds no drift in traffic like the training data, and says so everywhere', async () => {
    const { put, run, report, emitted, lake } = stage();
    await put('2001-02-02T05:00:00Z', inHundreds(flights(2000, 2), '2001-02-02T05:10:00Z'));
    const result = await run();
    expect(result).toMatchObject({
      verdict: 'none',
      rows: 2000,
      drifted: [],
      reportKey: REPORT,
      window: WINDOW,
      packageArn: ARN,
      amended: false,
    });
    expect(report().captured).toMatchObject({ files: 1, requests: 20, rows: 2000, explained: 2000, bad: 0 });
    expect(Object.keys(report().profile.features)).toEqual([...FEATURES, 'prediction']);
    expect(emitted).toEqual([{ DriftedFeatures: 0, MonitoredRows: 2000 }]);
    expect(lake.text(windowReportKey('flights', WINDOW.to, 'html'))).toContain('No drift.');
  });

  it('finds drift of an input and of the predictions, the foremost first', async () => {
    const { put, run, report, emitted } = stage();
    await put('2001-02-02T05:00:00Z', inHundreds(flights(2000, 3, 15), '2001-02-02T05:10:00Z'));
    const result = await run();
    expect(result.verdict).toBe('drift');
    expect([...result.drifted].sort()).toEqual(['earlier', 'prediction']);
    expect(result.summary).toMatch(
      /^flights, 2001-02-02T00:00:00\.000Z to .*: 2 of 5 features drifted .* foremost: mean (earlier|prediction) rose from/,
    );
    expect(emitted).toEqual([{ DriftedFeatures: 2, MonitoredRows: 2000 }]);
    expect(report().drift.features[0]?.drifted).toBe(true);
  });

  it('counts only requests inside the window, also those that were written with the next hour', async () => {
    const { put, run, report } = stage();
    const rows = flights(100, 4);
    await put('2001-02-02T00:00:00Z', [captured(rows, '2001-02-02T00:00:00Z'), captured(rows, '2001-02-01T23:59:59Z')]);
    await put('2001-02-03T00:00:00Z', [captured(rows, '2001-02-02T23:59:59Z'), captured(rows, '2001-02-03T00:00:00Z')]);
    await put('2001-02-03T01:00:00Z', [captured(rows, '2001-02-02T12:00:00Z')]);
    await run();
    expect(report().captured).toMatchObject({ files: 2, requests: 2, rows: 200 });
  });

  it('leaves out smoke tests, counts other models’ answers apart, and keeps bad records aside', async () => {
    const { put, run, report } = stage();
    const rows = flights(10, 5);
    const at = '2001-02-02T07:00:00Z';
    await put(at, [
      captured(rows, at, { inferenceId: 'smoke-r-1' }),
      captured(rows, at, { packageArn: 'arn:old' }),
      captured(rows, at, { shap: false, inferenceId: 'i-1' }),
      'garbage',
      captureLine(
        {
          input: { type: 'application/json', data: '{"instances":[{"distance":1}]}' },
          output: { type: 'text/plain', data: 'oops' },
        },
        { inferenceTime: at },
      ),
    ]);
    const result = await run();
    expect(result.verdict).toBe('too-little-data');
    expect(report().captured).toEqual({
      files: 1,
      requests: 3,
      rows: 21,
      explained: 10,
      otherModel: 10,
      smokeTests: 1,
      bad: 1,
      partial: 1,
    });
    expect(report().badRecords).toEqual([{ reason: 'the line is not JSON', line: 'garbage' }]);
    expect(report().profile.features.prediction).toMatchObject({ rows: 10 });
  });

  it('reports a window without traffic as a fact, and leaves the drift alarm as it is', async () => {
    const { run, emitted, report } = stage();
    expect(await run()).toMatchObject({ verdict: 'too-little-data', rows: 0, drifted: [] });
    expect(emitted).toEqual([{ MonitoredRows: 0 }]);
    expect(report().captured.files).toBe(0);
  });

  it('has nothing to watch before the first deployment', async () => {
    const { run, emitted, lake } = stage({ live: false });
    expect(await run()).toMatchObject({
      verdict: 'no-model',
      reportKey: null,
      packageArn: null,
      summary: expect.stringMatching(/no model serves yet/),
    });
    expect(emitted).toEqual([{ MonitoredRows: 0 }]);
    expect(lake.objects.has(REPORT)).toBe(false);
  });

  it('amends a window that was reported before, taking late files in', async () => {
    const { put, run, report, lake } = stage();
    await put('2001-02-02T05:00:00Z', inHundreds(flights(1500, 6), '2001-02-02T05:10:00Z'));
    await run();
    await put('2001-02-02T05:00:00Z', inHundreds(flights(500, 7), '2001-02-02T05:50:00Z'), 'late.jsonl');
    const second = await run('2001-02-03T12:00:00Z');
    expect(second).toMatchObject({
      rows: 2000,
      amended: true,
      reportKey: REPORT,
      summary: expect.stringContaining('(amended)'),
    });
    expect(report()).toMatchObject({ amended: true, window: WINDOW });
    expect(lake.text(windowReportKey('flights', WINDOW.to, 'html'))).toContain(
      'amended: this window had been reported before',
    );
  });

  it('gives the same report from the same files', async () => {
    const { put, run, lake } = stage();
    await put('2001-02-02T05:00:00Z', inHundreds(flights(1200, 8), '2001-02-02T05:10:00Z'));
    await run();
    const first = lake.text(REPORT);
    await run();
    expect(lake.text(REPORT)).toBe(first);
  });
});
