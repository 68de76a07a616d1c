import { describe, expect, it } from 'vitest';
import { MonitorResultSchema } from '../../../contracts/functions.ts';
import { captureHourPrefix, runKeys, windowReportKey } from '../../../contracts/keys.ts';
import type { Instance } from '../../../contracts/serving.ts';
import { WindowReportSchema } from '../../../contracts/window.ts';
import { lineageRecord as asRecord } from '../../../core/lineage/lineage-record.ts';
import { buildBaseline } from '../../../core/profile/baseline.ts';
import { withPredictions } from '../../../core/profile/predictions.ts';
import { seededRandom } from '../../../core/statistics/random.ts';
import { monitorWindow } from '../../../lambdas/monitor/monitor-window.ts';
import { captureLine } from '../../core/capture/capture-line.ts';
import { FEATURES, flightsModel } from '../flights-model.ts';
import { memoryLake } from '../memory-lake.ts';
import { memoryLineage } from '../memory-lineage.ts';

const ARN = 'arn:package/1';
const model = flightsModel({ monitoring: { every: 'day', lagMinutes: 30 } });
const FIRED = '2001-02-03T00:30:00Z';
const WINDOW = { from: '2001-02-02T00:00:00.000Z', to: '2001-02-03T00:00:00.000Z' };
const REPORT = windowReportKey('flights', WINDOW.to, 'json');

function flights(count: number, seed: number, extra = 0): Instance[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, (_, i) => ({
    departs: `2001-01-${String(1 + (i % 28)).padStart(2, '0')}T${String(Math.floor(24 * random())).padStart(2, '0')}:00:00Z`,
    distance: Math.round(2000 * random()),
    earlier: 30 * random() + extra,
    origin: ['ORD', 'JFK', 'SFO'][Math.floor(3 * random())] ?? 'ORD',
  }));
}

const scoreOf = ({ earlier }: Instance) => 0.2 + Number(earlier) / 100;
const training = flights(8000, 1);
const baseline = withPredictions(buildBaseline(model, training), training.map(scoreOf), [], {
  earlier: 1,
  distance: 0.1,
});

/** A captured request of these rows, answered and explained by `packageArn`. */
function captured(
  instances: readonly Instance[],
  at: string,
  given: { inferenceId?: string; packageArn?: string; shap?: boolean } = {},
): string {
  const predictions = instances.map((instance) => ({
    score: scoreOf(instance),
    label: 0,
    ...(given.shap === false ? {} : { shap: [0, 0, 0, 0] }),
  }));
  const answer = { model_package: given.packageArn ?? ARN, features: FEATURES, predictions };
  return captureLine(
    {
      input: { type: 'application/json', data: JSON.stringify({ instances }) },
      output: { type: 'application/json', data: JSON.stringify(answer) },
    },
    { inferenceTime: at, ...(given.inferenceId === undefined ? {} : { inferenceId: given.inferenceId }) },
  );
}

const hour = (at: string) => captureHourPrefix('flights', 'modelway-flights', 'AllTraffic', new Date(at));
const inHundreds = (rows: readonly Instance[], at: string) =>
  Array.from({ length: Math.ceil(rows.length / 100) }, (_, i) => captured(rows.slice(100 * i, 100 * i + 100), at));

function stage(options: { live?: boolean } = {}) {
  const lake = memoryLake();
  const lineage = memoryLineage();
  const emitted: Record<string, number>[] = [];
  const put = (at: string, lines: readonly string[], file = 'f.jsonl') =>
    lake.putText(`${hour(at)}${file}`, `${lines.join('\n')}\n`, 'application/jsonlines');
  const ready = (async () => {
    await lake.putText(runKeys('flights', 'run-1').baseline, JSON.stringify(baseline), 'application/json');
    if (options.live !== false)
      await lineage.setLive(
        'flights',
        { packageArn: ARN, modelName: 'm', endpointConfigName: 'c', runId: 'run-1', since: '2001-02-01T00:00:00Z' },
        null,
      );
  })();
  const tools = {
    platform: 'modelway',
    runbookUrl: 'https://docs.example/runbook.md',
    lake,
    lineage,
    emit: (_: string, values: Readonly<Record<string, number>>) => void emitted.push({ ...values }),
    now: () => new Date('2001-02-03T00:31:00Z'),
  };
  const run = async (windowEnd = FIRED) => {
    await ready;
    return monitorWindow({ model, execution: 'e-1', windowEnd }, tools);
  };
  const report = () => WindowReportSchema.parse(JSON.parse(lake.text(REPORT)));
  return { lake, lineage, emitted, put, run, report };
}

describe('monitor handler', () => {
  it('finds no drift in traffic like the training data, and says so everywhere', async () => {
    const { put, run, report, emitted, lake } = stage();
    await put('2001-02-02T05:00:00Z', inHundreds(flights(2000, 2), '2001-02-02T05:10:00Z'));
    const result = await run();
    expect(MonitorResultSchema.parse(result)).toEqual(result);
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
    const { put, run, report, lineage, lake } = stage();
    await put('2001-02-02T05:00:00Z', inHundreds(flights(1500, 6), '2001-02-02T05:10:00Z'));
    const first = await run();
    await lineage.put(asRecord({ model: 'flights', kind: 'window', id: FIRED, at: FIRED, parents: [], detail: first }));
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
