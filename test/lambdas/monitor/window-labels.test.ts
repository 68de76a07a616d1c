import { describe, expect, it } from 'vitest';
import { windowKeys } from '../../../contracts/keys.ts';
import { labelFiles, labelsFor } from '../../../lambdas/monitor/window-labels.ts';
import { memoryLake } from '../memory-lake.ts';
import { captured, FIRED, flights, labelOf, stage, WINDOW } from './monitoring-stage.ts';

const HOURS = ['03', '09', '15', '21'];
const FOLDER = windowKeys('flights', WINDOW.to).labels;
const KNOWN = '2001-02-03T00:00:00.000Z';
const line = (inferenceId: string, label: number, at = KNOWN) =>
  `${JSON.stringify({ inferenceId, row: 0, label, at })}\n`;

/** Four files of 400 requests of one row; every third without a label, some labelled twice, some labels of no request. */
async function filled(tools: object) {
  const made = stage({ quality: true, monitoring: { quality: { labelHorizonDays: 0, minimumLabels: 500 } }, tools });
  const [first, second]: [string[], string[]] = [[], []];
  for (const hour of HOURS) {
    const at = `2001-02-02T${hour}:10:00Z`;
    const rows = flights(400, Number(hour));
    const lines = rows.map((row, index) => captured([row], at, { inferenceId: `${hour}-${index}` }));
    await made.put(at, lines, `${hour}.jsonl`);
    for (const [index, row] of rows.entries()) {
      if (index % 3 === 0) continue;
      first.push(line(`${hour}-${index}`, labelOf(row)));
      if (index % 5 === 0) second.push(line(`${hour}-${index}`, labelOf(row)));
      if (index % 7 === 0) second.push(line(`${hour}-${index}`, 1 - labelOf(row), '2001-02-04T00:00:00.000Z'));
    }
  }
  // An id that needs escaping, and far more labels than the window has rows.
  for (let stranger = 0; stranger < 8000; stranger++) second.push(line(`nobody's "${stranger}"`, stranger % 2));
  await made.lake.putText(`${FOLDER}a.jsonl`, first.join(''), 'application/jsonlines');
  await made.lake.putText(`${FOLDER}b.jsonl`, second.join(''), 'application/jsonlines');
  return made;
}

describe('labels of a window', () => {
  it('give the same quality when only those of the rows at hand are held, in one invocation and in shards', async () => {
    const [held, bounded, cut] = [
      await filled({}),
      await filled({ heldLabelBytes: 50_000 }),
      await filled({ heldLabelBytes: 50_000, wholeBytes: 10, shardBytes: 200_000 }),
    ];
    for (const made of [held, bounded, cut]) await made.execute({ windowEnd: FIRED });
    expect(cut.steps.filter((step) => step === 'count').length).toBeGreaterThan(2);
    const labels = held.report().quality?.labels;
    expect(labels).toMatchObject({ predictions: 1600, labelled: 4 * 266, unmatched: 8000 });
    expect(labels?.repeated).toBeGreaterThan(0);
    expect(labels?.contradicting).toBeGreaterThan(0);
    expect(bounded.report().quality).toEqual(held.report().quality);
    expect(cut.report().quality).toEqual(held.report().quality);
  });

  it('cut a window into shards that one invocation could read without them', async () => {
    const sizes = { wholeBytes: 1e9, shardBytes: 200_000 };
    const [few, many] = [await filled({ ...sizes }), await filled({ ...sizes, heldLabelBytes: 50_000 })];
    for (const made of [few, many]) await made.execute({ windowEnd: FIRED });
    expect(few.steps).toEqual(['begin']);
    expect(many.steps.slice(0, 2)).toEqual(['begin', 'count']);
  });

  it('are held for the ids of the capture files alone, however many there are', async () => {
    const { lake } = await filled({});
    const files = await labelFiles('flights', WINDOW.to, lake);
    const captureFiles = (await lake.list('capture/')).map(({ key }) => key);
    const bytes = files.reduce((sum, { size }) => sum + size, 0);
    const read: string[] = [];
    const stream: typeof lake.stream = (key) => {
      read.push(key);
      return lake.stream(key);
    };
    const some = { keys: captureFiles.slice(0, 1), columns: ['x'], part: { shard: 1, shards: 4 } };
    const labels = await labelsFor(files, some, bytes / 4, { ...lake, stream });
    expect(labels.held).toBe(266);
    // The capture files once for their ids, and the labels once.
    expect(read.filter((key) => key.startsWith(FOLDER))).toHaveLength(files.length);
    expect(read.filter((key) => !key.startsWith(FOLDER))).toHaveLength(1);
    // How they agree is told of a quarter of the ids.
    const quarter = (4 * 266 + 8000) / 4;
    expect(Math.abs(labels.agreement.distinct - quarter)).toBeLessThan(4 * Math.sqrt(quarter * 0.75));
    expect([labels.take('03-1', 0)?.label, labels.take('09-1', 0)]).toEqual([expect.any(Number), undefined]);
    const all = await labelsFor(files, { ...some, part: { shard: 0, shards: 1 } }, bytes, lake);
    expect(all.held).toBe(4 * 266 + 8000);
  });

  it('are none of a window that nobody labelled, for which nothing is read', async () => {
    const lake = memoryLake();
    const stream: typeof lake.stream = () => {
      throw new Error('nothing is there to be read');
    };
    const none = { keys: ['a'], columns: ['x'], part: { shard: 0, shards: 1 } };
    expect(await labelsFor([], none, 1, { ...lake, stream })).toMatchObject({ isEmpty: true, held: 0 });
  });
});
