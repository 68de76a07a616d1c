import { describe, expect, it } from 'vitest';
import { windowReportKey } from '../../../contracts/keys.ts';
import type { ModelConfig } from '../../../contracts/model-config.ts';
import { buildBaseline } from '../../../core/profile/baseline.ts';
import { withPredictions } from '../../../core/profile/predictions.ts';
import { flightsModel } from '../flights-model.ts';
import { ARN, captured, flights, scoreOf, stage, WINDOW } from './monitoring-stage.ts';

const plain = flightsModel({ monitoring: { every: 'day', lagMinutes: 30 } });
/** The flights with a remark that training data has and no caller sends. */
const remarked: ModelConfig = {
  ...plain,
  data: { ...plain.data, columns: [...plain.data.columns, { name: 'remark', kind: 'text' }] },
};
const training = flights(8000, 1).map((row, index) => ({ ...row, remark: 'x'.repeat(1 + (index % 40)) }));
const baseline = withPredictions(buildBaseline(remarked, training), training.map(scoreOf), [], {});
const at = '2001-02-02T05:10:00Z';

async function judged(rows: ReturnType<typeof flights>) {
  const made = stage({ model: remarked });
  await made.trained(ARN, 'run-1', { baseline });
  await made.put(at, [captured(rows, at)]);
  return { ...made, judgement: await made.run() };
}

describe('columns that requests need not carry', () => {
  it('are not taken for missing: training knows the length of a text that no feature reads, and no caller sends it', async () => {
    expect(Object.keys(baseline.profile.features)).toContain('remark.length');
    const { judgement, report, lake } = await judged(flights(2000, 2));
    expect(judgement).toMatchObject({ verdict: 'none', drifted: [] });
    expect(Object.keys(report().profile.features)).not.toContain('remark.length');
    // What is left is still compared in pairs.
    expect(report().drift.correlations).toMatchObject([{ features: ['distance', 'earlier'], drifted: false }]);
    expect(report().notWatched).toContainEqual({
      column: 'remark',
      reason: 'no feature reads it, so requests need not carry it',
    });
    expect(lake.text(windowReportKey('flights', WINDOW.to, 'html'))).toContain('<code>remark</code>');
  });

  it('are not watched when some caller sends them', async () => {
    const rows = flights(2000, 2).map((row) => ({ ...row, remark: 'y'.repeat(900) }));
    expect((await judged(rows)).judgement.verdict).toBe('none');
  });

  it('are not the features: one that no request has is a finding', async () => {
    const rows = flights(2000, 2).map(({ origin: _, ...row }) => row);
    const { judgement, report } = await judged(rows);
    expect(judgement).toMatchObject({ verdict: 'drift', drifted: ['origin'] });
    const origin = report().drift.features.find(({ name }) => name === 'origin');
    expect(origin?.missing).toEqual({ baseline: 0, window: 1 });
  });
});
