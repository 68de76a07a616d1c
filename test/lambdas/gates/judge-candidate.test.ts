import { describe, expect, it } from 'vitest';
import { runKeys, scoresKey, snapshotKeys } from '../../../contracts/keys.ts';
import { BaselineSchema, PREDICTION } from '../../../contracts/profile.ts';
import { QualitySetupSchema } from '../../../contracts/quality-window.ts';
import type { Instance, ScoredLine } from '../../../contracts/serving.ts';
import { GatesResultSchema } from '../../../contracts/training-steps.ts';
import { buildBaseline } from '../../../core/profile/baseline.ts';
import { seededRandom } from '../../../core/statistics/random.ts';
import { getPacked } from '../../../lambdas/aws/packed-json.ts';
import { heldOutQuality } from '../../../lambdas/gates/held-out-quality.ts';
import { judgeCandidate } from '../../../lambdas/gates/judge-candidate.ts';
import { readScores } from '../../../lambdas/gates/read-scores.ts';
import { flightsModel } from '../flights-model.ts';
import { memoryLake } from '../memory-lake.ts';

const ROWS = 3000;
const goldenRows = [{ name: 'quiet night', instance: { departs: '2001-01-02T03:00:00Z', distance: 100 }, atMost: 0.6 }];
const model = flightsModel({ gates: { goldenRows } });
const request = {
  model,
  execution: 'run-7',
  snapshotId: 'snap-1',
  jobName: 'modelway-flights-abc',
  championModelName: null,
  reason: 'first model: january.csv',
};

const random = seededRandom(4);
const truth = Array.from({ length: ROWS }, () => (random() < 0.3 ? 1 : 0));
const departs = (row: number) => new Date(Date.UTC(2001, 0, 20) + row * 400_000).toISOString();
const features: Instance[] = truth.map((_, row) => ({
  departs: departs(row),
  distance: row % 900,
  earlier: row % 30,
  origin: `A${row % 9}`,
}));

function line(margin: number): ScoredLine {
  const score = 1 / (1 + Math.exp(-margin));
  return { score, label: score >= 0.5 ? 1 : 0, base_value: -1, shap: [0, 0.5, margin + 0.5, 0] };
}
const answers = (skill: number) => [...truth.map((label) => line(skill * label + random() * 2 - 1)), line(-1)];
const jsonLines = (values: readonly unknown[]) => values.map((value) => JSON.stringify(value)).join('\n');

async function lakeWith(candidate: readonly unknown[], champion?: readonly unknown[]) {
  const lake = memoryLake();
  const keys = snapshotKeys('flights', 'snap-1');
  await lake.putText(keys.testLabels, jsonLines(truth), 'application/jsonlines');
  await lake.putText(keys.testFeatures, jsonLines([...features, goldenRows[0]?.instance]), 'application/jsonlines');
  await lake.putText(keys.baseline, JSON.stringify(buildBaseline(model, features)), 'application/json');
  await lake.putText(scoresKey('flights', 'run-7', 'candidate'), `${jsonLines(candidate)}\n`, 'application/jsonlines');
  if (champion)
    await lake.putText(scoresKey('flights', 'run-7', 'champion'), jsonLines(champion), 'application/jsonlines');
  return lake;
}

describe('gates handler', () => {
  it('passes a good first model and answers in the agreed form, every metadata value a short text', async () => {
    const result = await judgeCandidate(request, await lakeWith(answers(1)));
    expect(GatesResultSchema.parse(result)).toEqual(result);
    expect(result.decision.passed).toBe(true);
    expect(result.decision.testRows).toBe(ROWS);
    expect(result.metadata).toMatchObject({
      run: 'run-7',
      snapshot: 'snap-1',
      job: 'modelway-flights-abc',
      auc: expect.stringMatching(/^0\.[789]\d+$/),
    });
    expect(Object.values(result.metadata).every((value) => value.length <= 256)).toBe(true);
  });

  it('stores the decision, the model card, and a baseline with predictions per day and importance', async () => {
    const lake = await lakeWith(answers(1));
    await judgeCandidate(request, lake);
    const keys = runKeys('flights', 'run-7');
    expect(JSON.parse(lake.text(keys.gates))).toMatchObject({ run: 'run-7', passed: true, gates: expect.any(Array) });
    expect(lake.text(keys.modelCard)).toContain('flights: model card');
    const baseline = BaselineSchema.parse(JSON.parse(lake.text(keys.baseline)));
    expect(baseline.profile.features[PREDICTION]).toMatchObject({ kind: 'numeric', rows: ROWS });
    const days = baseline.days.filter((day) => day.features[PREDICTION] !== undefined);
    expect(days).toHaveLength(14);
    expect(days.reduce((sum, day) => sum + day.rows, 0)).toBe(ROWS);
    expect(Object.keys(baseline.importance)).toEqual(['departs.hour', 'distance', 'earlier', 'origin']);
    expect(baseline.importance.distance).toBeCloseTo(0.5, 12);
  });

  it('keeps what the quality of later windows is held against, with the threshold that the candidate decided by', async () => {
    const lake = await lakeWith(answers(1));
    await judgeCandidate(request, lake);
    const { reference, attribution } = await getPacked(lake, runKeys('flights', 'run-7').quality, QualitySetupSchema);
    expect(reference.rows).toBe(ROWS);
    expect(reference.threshold).toBeGreaterThanOrEqual(0.5);
    expect(reference.threshold).toBeLessThan(0.51);
    expect(reference.days?.count).toBe(14);
    expect(attribution?.names).toEqual(['departs.hour', 'distance', 'earlier', 'origin']);
  });

  it('keeps at most fifty thousand test rows for that, evenly spread, each with its own score and label', async () => {
    const lake = memoryLake();
    const keys = snapshotKeys('flights', 'snap-1');
    const many = Array.from({ length: 100_001 }, (_, row) => row);
    await lake.putText(keys.testLabels, jsonLines(many.map((row) => row % 2)), 'application/jsonlines');
    await lake.putText(keys.testFeatures, jsonLines(many.map((row) => ({ distance: row }))), 'application/jsonlines');
    await lake.putText(scoresKey('flights', 'run-7', 'candidate'), jsonLines([line(0)]), 'application/jsonlines');
    const read = await readScores(model, { execution: 'run-7', snapshotId: 'snap-1', hasChampion: false }, lake);
    expect(read.labels).toHaveLength(100_001);
    expect(read.instances).toHaveLength(33_334);
    expect(read.instances.slice(0, 3)).toEqual([0, 3, 6].map((row) => ({ row, instance: { distance: row } })));
  });

  it('goes on without it when the test set teaches nothing', async () => {
    const lake = await lakeWith(answers(1));
    const keys = snapshotKeys('flights', 'snap-1');
    await lake.putText(keys.testLabels, jsonLines(truth.map(() => 0)), 'application/jsonlines');
    await judgeCandidate(request, lake).catch(() => undefined);
    expect(lake.objects.has(runKeys('flights', 'run-7').quality)).toBe(false);
    const { labels: _, ...scores } = await readScores(
      model,
      { execution: 'run-7', snapshotId: 'snap-1', hasChampion: false },
      lake,
    );
    expect(heldOutQuality(model, { ...scores, labels: truth.map(() => 0) })).toBe(null);
  });

  it('refuses a candidate that learned nothing', async () => {
    const result = await judgeCandidate(request, await lakeWith(answers(0)));
    expect(result.decision).toMatchObject({ passed: false, reason: expect.stringMatching(/^auc fail/) });
  });

  it('refuses a candidate that misses a golden row, the last line of the scores', async () => {
    const scored = [...answers(1).slice(0, -1), line(2)];
    const { decision } = await judgeCandidate(request, await lakeWith(scored));
    expect(decision.reason).toMatch(/^golden-rows fail: 1 of 1 golden rows missed: quiet night scored 0\.88/);
  });

  it('compares with the champion on the same rows', async () => {
    const champion = { ...request, championModelName: 'modelway-flights-live-0' };
    const result = await judgeCandidate(champion, await lakeWith(answers(0.4), answers(1)));
    expect(result.decision.reason).toMatch(/non-inferiority fail/);
    const same = answers(1);
    const equal = await judgeCandidate(champion, await lakeWith(same, same));
    expect(equal.decision.gates.find(({ name }) => name === 'non-inferiority')?.verdict).toBe('pass');
  });

  it('stops with the object and the line when scores cannot be read', async () => {
    const lake = await lakeWith([...answers(1).slice(0, 4), { score: 2 }]);
    await expect(judgeCandidate(request, lake)).rejects.toThrow(
      /unreadable-scores: scores\/flights\/run-7\/candidate\/features\.jsonl\.out, line 5 score/,
    );
  });

  it('stops when a row was lost on the way', async () => {
    await expect(judgeCandidate(request, await lakeWith(answers(1).slice(1)))).rejects.toThrow(
      /candidate: answered another number of rows/,
    );
  });
});
