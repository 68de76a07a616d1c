import { describe, expect, it } from 'vitest';
import { windowKeys } from '../../../contracts/keys.ts';
import { captured, FIRED, flights, stage, WINDOW } from './monitoring-stage.ts';

const MEBIBYTE = 1024 ** 2;
const TIMES = ['01', '05', '05', '11', '17', '23'].map((hour, index) => `2001-02-02T${hour}:0${index}:00Z`);

/** Six files of very different sizes, with a bad record in each. */
async function fill({ put }: ReturnType<typeof stage>) {
  for (const [index, at] of TIMES.entries()) {
    const rows = flights(60 + 180 * index, 20 + index, index > 3 ? 10 : 0);
    const lines = rows.map((row, i) => captured([row], at, { inferenceId: `f${index}-${i}` }));
    await put(at, [...lines, `bad ${index}`], `f${index}.jsonl`);
  }
}

/** Sums of floating point numbers depend in their last bits on the order of adding: here twelve digits are compared. */
const rounded = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value), (_, held: unknown) => (typeof held === 'number' ? Number(held.toFixed(12)) : held));

describe('a window too large for one invocation', () => {
  it('gives the same report as a window read at once: every count bit for bit', async () => {
    const whole = stage();
    await fill(whole);
    const [judgedWhole] = await whole.execute({ windowEnd: FIRED });
    const cut = stage({ tools: { wholeBytes: 0.1 * MEBIBYTE, shardBytes: 0.3 * MEBIBYTE } });
    await fill(cut);
    const [judgedCut] = await cut.execute({ windowEnd: FIRED });

    expect(cut.steps).toEqual(['begin', 'count', 'count', 'count', 'count', 'count', 'merge']);
    const { profile: cutProfile, ...cutReport } = cut.report();
    const { profile, ...report } = whole.report();
    expect(rounded(cutReport)).toEqual(rounded(report));
    expect(cutReport.captured).toEqual(report.captured);
    for (const [name, feature] of Object.entries(profile.features)) {
      const other = cutProfile.features[name];
      expect(other?.counts).toEqual(feature.counts);
      if (feature.kind !== 'numeric' || other?.kind !== 'numeric') continue;
      for (const [bin, sum] of feature.sums.entries()) expect(other.sums[bin]).toBeCloseTo(sum, 8);
      expect([other.rows, other.missing, other.min, other.max]).toEqual([
        feature.rows,
        feature.missing,
        feature.min,
        feature.max,
      ]);
    }
    expect(cut.lake.objects.get(windowKeys('flights', WINDOW.to).ids)).toEqual(
      whole.lake.objects.get(windowKeys('flights', WINDOW.to).ids),
    );
    expect(judgedCut?.judgement).toEqual({ ...judgedWhole?.judgement, found: judgedCut?.judgement.found });
  });

  it('is planned into the same objects again, and a shard that is counted twice changes nothing', async () => {
    const { lake, put, step, execute } = stage({ tools: { wholeBytes: 0, shardBytes: MEBIBYTE } });
    await put('2001-02-02T05:00:00Z', [captured(flights(10, 1), '2001-02-02T05:00:00Z')]);
    await execute({ windowEnd: FIRED });
    const planned = await step({ step: 'judge', task: { ...WINDOW, because: 'closed' } });
    expect(planned).toMatchObject({ outcome: 'planned', shards: [0] });
    const before = new Map(lake.objects);
    if (planned.outcome !== 'planned') return;
    await step({ step: 'count', task: planned.task, plan: planned.plan, shard: 0 });
    expect(lake.objects).toEqual(before);
  });

  it('holds exactly as many bytes as one invocation reads, and is not cut', async () => {
    const line = captured(flights(10, 1), '2001-02-02T05:00:00Z');
    const exact = stage({ tools: { wholeBytes: line.length + 1, shardBytes: 10 } });
    await exact.put('2001-02-02T05:00:00Z', [line]);
    await exact.execute({ windowEnd: FIRED });
    expect(exact.steps).toEqual(['begin']);
  });
});
