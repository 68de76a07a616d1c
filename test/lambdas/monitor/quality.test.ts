import { describe, expect, it } from 'vitest';
import { windowKeys, windowReportKey } from '../../../contracts/keys.ts';
import { StoredQualityWindowSchema } from '../../../contracts/quality-window.ts';
import type { Instance } from '../../../contracts/serving.ts';
import { WindowReportSchema } from '../../../contracts/window.ts';
import { getPacked } from '../../../lambdas/aws/packed-json.ts';
import { captured, flights, labelOf, scoreOf, stage } from './monitoring-stage.ts';
import { realisedArea } from './realised-area.ts';

const DAY = 86_400_000;
const FIRST = Date.parse('2001-02-01T00:00:00Z');
const startOf = (day: number) => new Date(FIRST + day * DAY).toISOString();
const endOf = (day: number) => startOf(day + 1);

/** A stage on which each of several days has `rows` rows, with labels beside them that `label` gives. */
function days(label: (row: Instance, day: number) => 0 | 1 | undefined, options: Parameters<typeof stage>[0] = {}) {
  let now = startOf(0);
  const made = stage({
    quality: true,
    now: () => new Date(now),
    ...options,
    monitoring: { quality: { labelHorizonDays: 2, minimumLabels: 500 }, ...options.monitoring },
  });
  const truth = new Map<string, { score: number; label: 0 | 1 }[]>();
  /** Captures a day of traffic, lets its labels come, and judges what is due the morning after. */
  const pass = async (day: number, rows = 1500) => {
    const at = new Date(FIRST + day * DAY + 5 * 3_600_000).toISOString();
    const instances = flights(rows, 300 + day);
    const id = `day-${day}`;
    await made.put(at, [captured(instances, at, { inferenceId: id, shap: [0, 0.1, 1, 0.2] })]);
    const labels = instances.flatMap((instance, row) => {
      const known = label(instance, day);
      return known === undefined
        ? []
        : [{ inferenceId: id, row, label: known, at: endOf(day), score: scoreOf(instance) }];
    });
    truth.set(endOf(day), labels);
    const lines = labels.map(({ score: _, ...stored }) => `${JSON.stringify(stored)}\n`).join('');
    if (labels.length > 0)
      await made.lake.putText(`${windowKeys('flights', endOf(day)).labels}a.jsonl`, lines, 'application/jsonlines');
    now = new Date(FIRST + (day + 1) * DAY + 31 * 60_000).toISOString();
    return made.execute({ windowEnd: new Date(Date.parse(now) - 60_000).toISOString() });
  };
  const report = (day: number) =>
    WindowReportSchema.parse(JSON.parse(made.lake.text(windowReportKey('flights', endOf(day), 'json'))));
  return { ...made, pass, report, truth };
}

describe('quality of a window', () => {
  it('is estimated when the window closes, and realised when its labels are mature: two invocations then', async () => {
    const { pass, report, steps, truth } = days(labelOf);
    for (const day of [0, 1]) await pass(day);
    expect(steps).toEqual(['begin', 'begin']);
    expect(report(0).quality).toMatchObject({ basis: 'estimated', verdict: 'fine' });
    const judged = await pass(2);
    expect(steps.slice(2)).toEqual(['begin', 'judge']);
    expect(judged.map(({ judgement }) => [judgement.window.to, judgement.because, judgement.quality?.basis])).toEqual([
      [endOf(0), 'matured', 'realised'],
      [endOf(2), 'closed', 'estimated'],
    ]);
    const { quality } = report(0);
    expect(quality?.labels).toMatchObject({ predictions: 1500, labelled: 1500, mature: true, unmatched: 0 });
    const auc = quality?.realised.find(({ name }) => name === 'auc');
    // By counting pairs, apart from scores that fall into one bin: a hundred bins are within .002 of that.
    expect(auc?.value).toBeCloseTo(realisedArea(truth.get(endOf(0)) ?? []), 2);
  });

  it('is told of once when the world turns, as concept drift, and stands in the metric until the next judgement', async () => {
    const turned = (row: Instance, day: number) => (day < 2 ? labelOf(row) : labelOf(row) === 1 ? 0 : 1);
    const { pass, emitted, report } = days(turned);
    const told: (readonly (string | undefined)[])[] = [];
    for (let day = 0; day < 6; day += 1) told.push((await pass(day, 2500)).map(({ announce }) => announce?.subject));
    expect(told.flat().filter((subject) => subject !== undefined)).toEqual([
      'flights: quality below its margin, concept drift',
    ]);
    expect(told[4]).toEqual(['flights: quality below its margin, concept drift', undefined]);
    expect(report(2).quality).toMatchObject({ verdict: 'worse', conceptDrift: { verdict: 'concept-drift' } });
    expect(report(2).drift.verdict).toBe('none');
    // Bits: 1 quality, 2 concept drift.
    expect(emitted.map(({ QualityFindings }) => QualityFindings)).toEqual([0, 0, 0, 0, 3, 3]);
  });

  it('says what appeared, by how much, and that a person should review', async () => {
    const { pass } = days((row) => (labelOf(row) === 1 ? 0 : 1));
    for (const day of [0, 1]) await pass(day, 1500);
    const [matured] = await pass(2, 1500);
    expect(matured?.announce).toMatchObject({ runbook: 'alarm-quality' });
    expect(matured?.announce?.message).toMatch(
      /^Quality below its margin: .*auc.*\nConcept drift: .*a person should review features and architecture/s,
    );
    expect(matured?.announce?.message).toContain(`Report: s3://lake/${windowReportKey('flights', endOf(0), 'html')}`);
  });

  it('of a model that no longer serves is put on record, and neither told nor counted', async () => {
    const { pass, emitted, lineage, report } = days((row) => (labelOf(row) === 1 ? 0 : 1));
    for (const day of [0, 1]) await pass(day);
    const next = {
      packageArn: 'arn:package/2',
      modelName: 'm',
      endpointConfigName: 'c',
      runId: 'run-1',
      since: endOf(1),
    };
    await lineage.setLive('flights', next, 'arn:package/1');
    const [matured] = await pass(2);
    expect(matured).toMatchObject({
      announce: null,
      judgement: { packageArn: 'arn:package/1', findings: { quality: true } },
    });
    expect(report(0).live.packageArn).toBe('arn:package/1');
    // The newest window's answers are the old model's as well: its rows are counted, its verdicts move no alarm.
    expect(emitted.at(-1)).toEqual({ MonitoredRows: 1500 });
  });

  it('is judged again when labels come for a mature window, and the metric with it', async () => {
    const { pass, step, emitted, lake } = days(() => undefined);
    for (const day of [0, 1, 2]) await pass(day, 2000);
    const before = emitted.length;
    const rows = flights(2000, 300);
    const lines = rows.map((row, index) =>
      JSON.stringify({ inferenceId: 'day-0', row: index, label: 1 - labelOf(row), at: endOf(2) }),
    );
    await lake.putText(
      `${windowKeys('flights', endOf(0)).labels}late.jsonl`,
      lines.join('\n'),
      'application/jsonlines',
    );
    const judged = await step({ step: 'judge', task: { from: startOf(0), to: endOf(0), because: 'labels' } });
    expect(judged).toMatchObject({ judgement: { amended: true, quality: { basis: 'realised', verdict: 'worse' } } });
    expect(emitted.slice(before)).toEqual([{ QualityFindings: 3 }]);
  });

  it('is judged from the same counts when the window is cut into shards', async () => {
    const [whole, cut] = [days(labelOf), days(labelOf, { tools: { wholeBytes: 10, shardBytes: 200_000 } })];
    for (const made of [whole, cut]) {
      const at = new Date(FIRST + 3_600_000 * 9).toISOString();
      await made.put(at, [captured(flights(700, 9), at, { inferenceId: 'more' })], 'more.jsonl');
      await made.pass(0);
    }
    expect(cut.steps.filter((step) => step === 'count').length).toBeGreaterThan(1);
    const read = ({ lake }: typeof whole) =>
      getPacked(lake, windowKeys('flights', endOf(0)).quality, StoredQualityWindowSchema);
    expect((await read(cut)).days.map(({ counts }) => counts)).toEqual(
      (await read(whole)).days.map(({ counts }) => counts),
    );
    expect(cut.report(0).quality?.labels).toEqual(whole.report(0).quality?.labels);
  });

  it('takes labels from records that were merged with ground truth, unless a label of its own came for a row', async () => {
    const { pass, put, lake, report } = days(() => undefined, { monitoring: { quality: { labelHorizonDays: 0 } } });
    const at = new Date(FIRST + 3_600_000 * 9).toISOString();
    const record = JSON.parse(captured(flights(3, 9), at, { inferenceId: 'merged' }));
    const merged = { ...record, groundTruthData: { data: '1\n0\n1', encoding: 'CSV' } };
    await put(at, [JSON.stringify(merged)], 'merged.jsonl');
    const own = { inferenceId: 'merged', row: 2, label: 0, at: endOf(0) };
    await lake.putText(
      `${windowKeys('flights', endOf(0)).labels}own.jsonl`,
      JSON.stringify(own),
      'application/jsonlines',
    );
    await pass(0, 1000);
    expect(report(0).quality?.labels).toMatchObject({ predictions: 1003, labelled: 3, unmatched: 0 });
    const stored = await getPacked(lake, windowKeys('flights', endOf(0)).quality, StoredQualityWindowSchema);
    const positives = stored.days[0]?.counts.labelled?.positives ?? [];
    expect(positives.reduce((sum, count) => sum + count, 0)).toBe(1);
  });

  it('is left out for a model without held-out rows, and nothing is said of it', async () => {
    const { pass, report, emitted } = days(labelOf, { quality: false });
    await pass(0);
    expect(report(0).quality).toBe(null);
    expect(emitted).toEqual([{ DriftedFeatures: 0, MonitoredRows: 1500 }]);
  });
});
