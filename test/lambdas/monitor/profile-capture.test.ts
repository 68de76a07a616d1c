import { describe, expect, it } from 'vitest';
import type { Instance } from '../../../contracts/serving.ts';
import type { Answering } from '../../../contracts/window.ts';
import { seededRandom } from '../../../core/statistics/random.ts';
import { profileCapture } from '../../../lambdas/monitor/profile-capture.ts';
import { base64, captureLine } from '../../core/capture/capture-line.ts';
import { flightsModel } from '../flights-model.ts';
import { memoryLake } from '../memory-lake.ts';
import { countedByRows, indexed } from './by-rows.ts';
import { ARN, baselineOf, captured, flights, labelOf, SETUP, scoreOf } from './monitoring-stage.ts';

const DAY = 86_400_000;
const NEXT = 'arn:package/2';
const STRANGER = 'arn:stranger';
const FIRST = Date.parse('2001-02-05T00:00:00Z');
const WEEK = { from: new Date(FIRST).toISOString(), to: new Date(FIRST + 7 * DAY).toISOString() };
const SINCE = new Date(FIRST + 4 * DAY).toISOString();
const ANSWERING: Answering = { live: { packageArn: NEXT, runId: 'run-2' }, since: SINCE, before: ARN };
const columns = ['departs', 'distance', 'earlier', 'origin'];
const references = new Map([
  [ARN, { baseline: baselineOf(flights(4000, 1)), setup: SETUP, draws: new Map() }],
  // Segments of its own: its rows need other columns than those of the version before, and are counted in a pass of their own.
  [NEXT, { baseline: baselineOf(flights(4000, 2, 15)), setup: { ...SETUP, segments: byDistance() }, draws: new Map() }],
]);

/** Values of a column that the version before was not followed by. */
function byDistance(): (typeof SETUP)['segments'] {
  const [origin] = SETUP.segments;
  const values = ['under 700', 'under 1400', '1400 and more', 'missing', 'other'];
  return origin === undefined
    ? []
    : [{ column: 'distance', edges: [700, 1400], values, reference: values.flatMap(() => origin.reference[0] ?? []) }];
}

/** A week of requests of every form: one row or several, as objects, arrays, CSV or base64, answered by anybody, labelled or not. */
function week(count: number, seed: number) {
  const random = seededRandom(seed);
  const labels: { inferenceId: string; row: number; label: 0 | 1; at: string }[] = [];
  const lines = Array.from({ length: count }, (_, index) => {
    const rows = flights(random() < 0.7 ? 1 : 1 + Math.floor(4 * random()), seed * 1000 + index, 20 * random());
    const time = FIRST + Math.floor((7.4 * DAY * index) / count / 1000) * 1000 - 0.2 * DAY;
    const at = new Date(time).toISOString();
    const inferenceId = random() < 0.1 ? undefined : `${random() < 0.02 ? 'smoke-' : ''}id ${index}`;
    if (inferenceId !== undefined && random() < 0.6)
      for (const [row, instance] of rows.entries())
        labels.push({
          inferenceId,
          row,
          label: labelOf(instance),
          at: new Date(time + 3 * DAY * random()).toISOString(),
        });
    return requestOf(rows, at, inferenceId, random);
  });
  return { lines, labels };
}

function requestOf(
  rows: readonly Instance[],
  at: string,
  inferenceId: string | undefined,
  random: () => number,
): string {
  const packageArn = [ARN, ARN, ARN, NEXT, NEXT, STRANGER, null][Math.floor(7 * random())] ?? null;
  const named = inferenceId === undefined ? {} : { inferenceId };
  const given = { packageArn, ...named, ...(random() < 0.1 ? { shap: false as const } : {}) };
  const usual = captured(rows, at, given);
  const metadata = { inferenceTime: at, ...named };
  const answer = `{"predictions":[${rows.map((row) => `{"score":${scoreOf(row)}}`).join(',')}]}`;
  const output = { type: 'application/json', data: answer };
  const csv = rows.map((row) => columns.map((column) => row[column]).join(',')).join('\n');
  switch (Math.floor(14 * random())) {
    case 0:
      return captureLine({ input: { type: 'text/csv', data: csv }, output }, metadata);
    case 1:
      return captureLine(
        {
          input: { type: 'text/csv', data: base64(csv), encoding: 'BASE64' },
          output: { type: 'text/csv', data: '0.25\n'.repeat(rows.length) },
        },
        metadata,
      );
    case 2:
      return captureLine(
        {
          input: {
            type: 'application/json',
            data: JSON.stringify({ instances: rows.map(({ origin: _, ...rest }) => rest) }),
          },
          output,
        },
        metadata,
      );
    case 3:
      // One side alone, and answers that are fewer than the rows.
      return captureLine({ output }, metadata);
    case 4:
      return captureLine(
        { input: { type: 'application/json', data: JSON.stringify({ instances: [...rows, ...rows] }) }, output },
        metadata,
      );
    case 5:
      return JSON.stringify({
        ...JSON.parse(usual),
        groundTruthData: { data: rows.map((_, row) => row % 2).join('\n'), encoding: 'CSV' },
      });
    case 6:
      return usual.replace('"distance"', '"dist\\u0061nce"');
    case 7:
      return JSON.stringify(JSON.parse(usual), null, 1).replaceAll('\n', ' ');
    case 8:
      return `garbage ${at}`;
    default:
      return usual;
  }
}

const tenDigits = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value, (_, held: unknown) =>
      typeof held === 'number' && !Number.isInteger(held) ? Number(held.toPrecision(10)) : held,
    ),
  );

async function counted({ lines, labels }: ReturnType<typeof week>) {
  const lake = memoryLake();
  const third = Math.ceil(lines.length / 3);
  const keys: string[] = [];
  for (let file = 0; file < 3; file++) {
    keys.push(`f${file}.jsonl`);
    // The middle file ends without a newline.
    const text = lines.slice(file * third, (file + 1) * third).join('\n');
    await lake.putText(`f${file}.jsonl`, file === 1 ? text : `${text}\n`, 'application/jsonlines');
  }
  const index = indexed(labels);
  const streamed: string[] = [];
  const stream: typeof lake.stream = (key) => {
    streamed.push(key);
    return lake.stream(key);
  };
  const setup = {
    model: flightsModel(),
    window: WEEK,
    columns,
    answering: ANSWERING,
    labels: { take: index.take, isEmpty: labels.length === 0, held: 0, agreement: index.agreement() },
    versionOf: async (packageArn: string) => {
      const reference = references.get(packageArn) ?? null;
      return { packageArn, runId: reference && `run of ${packageArn}`, reference };
    },
  };
  return { counts: await profileCapture(keys, setup, { ...lake, stream }), streamed };
}

describe('counting capture files from their bytes', () => {
  it.each([3, 4, 5])('gives what counting row by row gives, for whatever callers send (%i)', async (seed) => {
    const given = week(1200, seed);
    const { counts } = await counted(given);
    const { versions, matched } = countedByRows(given.lines, {
      window: WEEK,
      answering: ANSWERING,
      labels: indexed(given.labels),
      referenceOf: (packageArn) => references.get(packageArn) ?? null,
    });
    expect(versions.map(({ packageArn }) => packageArn)).toEqual([ARN, NEXT, STRANGER]);
    expect(matched).toBeGreaterThan(500);
    for (const [index, version] of versions.entries()) {
      const { runId, ...own } = counts.versions[index] ?? { runId: 'none' };
      expect(runId).toBe(version.packageArn === STRANGER ? null : `run of ${version.packageArn}`);
      expect(tenDigits(own)).toEqual(tenDigits(version));
    }
    expect(counts.labels).toEqual({ ...indexed(given.labels).agreement(), matched });
    expect(counts.captured.rows).toBe(versions.reduce((sum, { rows }) => sum + rows, 0));
    expect(counts.captured.bad).toBe(given.lines.filter((line) => line.startsWith('garbage')).length);
    expect(counts.badRecords).toHaveLength(20);
  });

  it('gives the label of a request that was sent twice to its first row', async () => {
    const [row] = flights(1, 7);
    if (row === undefined) return;
    const at = new Date(FIRST).toISOString();
    const lines = [1, 2].map(() => captured([row], at, { packageArn: ARN, inferenceId: 'again' }));
    const { counts } = await counted({ lines, labels: [{ inferenceId: 'again', row: 0, label: 1, at: SINCE }] });
    expect(counts.labels).toEqual({ distinct: 1, repeated: 0, contradicting: 0, matched: 1 });
    expect(counts.captured.rows).toBe(2);
  });

  it('reads each file once where the versions that were expected answered everything', async () => {
    const plain = (packageArn: string) => ({
      lines: flights(30, 7).map((row, index) =>
        captured([row], new Date(FIRST + index * 3_600_000).toISOString(), { packageArn, inferenceId: `p${index}` }),
      ),
      labels: [],
    });
    expect((await counted(plain(NEXT))).streamed).toHaveLength(3);
    // Expected as well, but followed by another column.
    expect((await counted(plain(ARN))).streamed).toHaveLength(6);
    expect((await counted(plain(STRANGER))).streamed).toHaveLength(6);
    expect((await counted(plain(STRANGER))).counts.versions).toMatchObject([{ packageArn: STRANGER, rows: 30 }]);
  });
});
