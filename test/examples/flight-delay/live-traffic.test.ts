import { describe, expect, it } from 'vitest';
import { parsePlatform } from '../../../contracts/model-config.ts';
import type { Answer, Stage } from '../../../contracts/scenario.ts';
import type { Instance } from '../../../contracts/serving.ts';
import { flightDelay } from '../../../examples/flight-delay/model.ts';
import { buildCallers } from '../../../examples/flight-delay/story/callers.ts';
import { askingTimes, type LiveFlight } from '../../../examples/flight-delay/story/live-flights.ts';

const START = new Date('2001-02-01T00:00:00Z');
const at = (text: string) => new Date(`${text}:00Z`);

interface Call {
  readonly at: Date;
  readonly instances: readonly Instance[];
  readonly id: string;
}

/** A stage on which time passes at once and an endpoint answers as `answer` says. */
function quietStage(answer: (instances: readonly Instance[]) => Answer): { stage: Stage; calls: Call[] } {
  let now = START;
  const calls: Call[] = [];
  const unused = () => Promise.reject(new Error('not part of this test'));
  const stage: Stage = {
    platform: parsePlatform({ models: [flightDelay] }),
    folder: '',
    now: () => now,
    stage: (_, act) => act(),
    advanceTo: async (until) => {
      expect(until.getTime()).toBeGreaterThanOrEqual(now.getTime());
      now = until;
    },
    predict: async (instances, id) => {
      calls.push({ at: now, instances, id });
      return answer(instances);
    },
    upload: unused,
    finished: unused,
    retrain: unused,
    reproduceLive: unused,
    datasetVersions: unused,
    alarmStates: unused,
    newestReport: unused,
    live: unused,
    expect: (condition, message) => {
      if (!condition) throw new Error(message);
    },
    note: () => {},
    figure: () => {},
  };
  return { stage, calls };
}

const shap = [0.5, -1.25];
const answered = (instances: readonly Instance[], score = 1 / (1 + Math.exp(0.25))): Answer => ({
  kind: 'answered',
  milliseconds: 3,
  response: {
    model_package: 'arn/1',
    explanation: 'tree_shap_table',
    base_value: 0.5,
    features: ['a', 'b'],
    threshold: 0.5,
    predictions: instances.map(() => ({ score, label: 0, shap })),
  },
});

/** One flight every ten minutes. */
const flights = (count: number): LiveFlight[] =>
  Array.from({ length: count }, (_, index) => {
    const scheduledAt = new Date(START.getTime() + index * 600_000);
    return { scheduledAt, instance: { scheduled: scheduledAt.toISOString(), distance: index }, late: index % 3 === 0 };
  });

describe('asking times', () => {
  it('are one a day, after the beginning and up to the end', () => {
    const times = askingTimes(at('2001-02-01T23:55'), at('2001-02-03T23:55')).map((time) => time.toISOString());
    expect(times.map((time) => time.slice(5, 16))).toEqual(['02-02T23:55', '02-03T23:55']);
  });

  it('go on over the end of a month', () => {
    expect(askingTimes(at('2001-02-28T20:00'), at('2001-03-01T23:55'))).toHaveLength(2);
  });
});

describe('callers', () => {
  it('ask about every flight once, when it is due, one alone each evening and the others up to 100 at a time', async () => {
    const { stage, calls } = quietStage(answered);
    const sample = flights(1200);
    await buildCallers(stage, sample).askUntil(at('2001-02-10T00:00'));
    const asked = calls.flatMap((call) => call.instances);
    expect(asked).toEqual(sample.map(({ instance }) => instance));
    for (const call of calls) {
      expect(call.instances.length).toBeLessThanOrEqual(100);
      for (const { scheduled } of call.instances)
        expect(Date.parse(String(scheduled))).toBeLessThanOrEqual(call.at.getTime());
    }
    const evenings = 9;
    expect(calls.filter((call) => call.instances.length === 1)).toHaveLength(evenings);
    expect(calls.length).toBeGreaterThan(2 * evenings);
    expect(new Set(calls.map((call) => call.id)).size).toBe(calls.length);
  });

  it('ask about single flights every minute during a deployment, and about the rest later', async () => {
    const { stage, calls } = quietStage(answered);
    const sample = flights(144);
    const callers = buildCallers(stage, sample);
    await stage.advanceTo(at('2001-02-01T22:00'));
    await callers.askSingly(10, 4);
    expect(calls).toHaveLength(40);
    expect(calls.every((call) => call.instances.length === 1)).toBe(true);
    await callers.askUntil(at('2001-02-02T23:55'));
    const asked = calls.flatMap((call) => call.instances.map(({ distance }) => Number(distance)));
    expect(asked.toSorted((a, b) => a - b)).toEqual(sample.map((_, index) => index));
  });

  it('keep count of answers by version and of failures', async () => {
    const { stage } = quietStage((instances) =>
      instances.length === 1 ? { kind: 'failed', status: 500, message: 'division by zero' } : answered(instances),
    );
    const { tally, askUntil } = buildCallers(stage, flights(50));
    await askUntil(at('2001-02-01T23:55'));
    expect(tally).toMatchObject({ requests: 3, rows: 50, singleRows: 1 });
    expect(tally.failures).toMatchObject([{ status: 500, message: 'division by zero' }]);
    expect(tally.byPackage.get('arn/1')).toHaveLength(49);
  });

  it('fail the story when an explanation does not add up to its score', async () => {
    const { stage } = quietStage((instances) => answered(instances, 0.4));
    await expect(buildCallers(stage, flights(5)).askUntil(at('2001-02-01T23:55'))).rejects.toThrow('does not add up');
  });
});
