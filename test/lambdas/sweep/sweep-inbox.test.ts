import { describe, expect, test } from 'vitest';
import type { IntakeInput } from '../../../contracts/machines.ts';
import { seededRandom } from '../../../core/statistics/random.ts';
import { executionName, type StartMachine } from '../../../lambdas/aws/upload-starts.ts';
import { startUploads } from '../../../lambdas/start-intake/start-uploads.ts';
import { sweepInbox } from '../../../lambdas/sweep/sweep-inbox.ts';

const NOW = new Date('2001-03-01T12:00:00Z');
const MINUTE = 60_000;

const upload = (index: number, minutesAgo: number, key = `inbox/flights/part-${index >> 2}.csv`): IntakeInput => ({
  bucket: 'lake',
  key,
  versionId: `v${index}`,
  size: 5,
  etag: 'b1946ac92492d2347c6235b4d2611184',
  uploadedAt: new Date(NOW.getTime() - minutesAgo * MINUTE).toISOString(),
});

/** Executions as Step Functions keeps them: a name starts once. */
function machines() {
  const started = new Map<string, number>();
  const start: StartMachine = async (_, name) => {
    if (started.has(name)) return 'exists';
    started.set(name, 1);
    return 'started';
  };
  return { started, start };
}

const eventOf = ({ bucket, key, versionId, size, etag, uploadedAt }: IntakeInput) =>
  JSON.stringify({
    time: uploadedAt,
    detail: { bucket: { name: bucket }, object: { key, size, etag, 'version-id': versionId } },
  });

function sweep(uploads: readonly IntakeInput[], start: StartMachine, notes: string[] = []) {
  return sweepInbox({
    uploads: async function* () {
      yield* uploads;
    },
    start,
    note: (problem, about) => notes.push(`${about} ${problem}`),
    now: () => NOW,
  });
}

describe('the sweep of the inbox', () => {
  test('after events that came once to five times, shuffled, and one in a hundred not at all, every version was started once', async () => {
    const random = seededRandom(5);
    const uploads = Array.from({ length: 10_000 }, (_, index) => upload(index, 60));
    const events = uploads
      .filter(() => random() >= 0.01)
      .flatMap((one) => Array.from({ length: 1 + Math.floor(random() * 5) }, () => ({ one, order: random() })))
      .sort((a, b) => a.order - b.order);
    const { started, start } = machines();
    for (let at = 0; at < events.length; at += 10)
      await startUploads(
        {
          Records: events
            .slice(at, at + 10)
            .map(({ one }, index) => ({ messageId: `${at + index}`, body: eventOf(one) })),
        },
        start,
        () => undefined,
      );
    const lost = uploads.length - started.size;
    expect(lost).toBeGreaterThan(50);
    expect(await sweep(uploads, start)).toEqual({ looked: 10_000, started: lost, waiting: 0 });
    expect(new Set(started.keys())).toEqual(new Set(uploads.map(executionName)));
    expect(await sweep(uploads, start)).toEqual({ looked: 10_000, started: 0, waiting: 0 });
  });

  test('leaves alone what was just uploaded, and what is older than names are remembered', async () => {
    const { started, start } = machines();
    const uploads = [upload(1, 5), upload(2, 20), upload(3, 61 * 24 * 60)];
    expect(await sweep(uploads, start)).toEqual({ looked: 1, started: 1, waiting: 0 });
    expect([...started.keys()]).toEqual(uploads.slice(1, 2).map(executionName));
  });

  test('tells of each upload it found, and of what no model takes', async () => {
    const notes: string[] = [];
    await sweep(
      [upload(1, 20, 'inbox/flights/a.csv'), upload(2, 20, 'inbox/nobody'), upload(3, 20, 'inbox/flights/')],
      machines().start,
      notes,
    );
    expect(notes).toEqual([
      'inbox/nobody is not below inbox/<model>/, so no model takes it',
      'inbox/flights/a.csv had not been started: its event was lost',
    ]);
  });

  test('starts folders whose marker was not heard of, and tells of those that have none', async () => {
    const notes: string[] = [];
    const { started, start } = machines();
    const uploads = ['whole/manifest.json', 'whole/a/0.csv', 'half/0.csv', 'half/b/1.csv'].map((name, index) =>
      upload(index, 20, `inbox/flights/${name}`),
    );
    expect(await sweep(uploads, start, notes)).toEqual({ looked: 4, started: 1, waiting: 2 });
    expect([...started.keys()]).toEqual(uploads.slice(0, 1).map(executionName));
    expect(notes).toEqual([
      'inbox/flights/whole/manifest.json had not been started: its event was lost',
      'inbox/flights/half/ waits for its manifest.json or _SUCCESS',
      'inbox/flights/half/b/ waits for its manifest.json or _SUCCESS',
    ]);
  });

  test('a start that fails ends the sweep with its reason; the next one begins anew', async () => {
    const failing: StartMachine = async () => {
      throw new Error('ThrottlingException');
    };
    await expect(sweep([upload(1, 20)], failing)).rejects.toThrow('ThrottlingException');
  });
});
