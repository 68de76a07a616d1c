import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PREDICTION, type Profile } from '../../../../contracts/profile.ts';
import { type CapturedRow, decodeRecord } from '../../../../core/capture/decode-record.ts';
import { captureProfiler } from '../../../../core/capture/fast/capture-profiler.ts';
import { profileNumbers } from '../../../../core/profile/numeric.ts';
import { profileRows } from '../../../../core/profile/profile-rows.ts';
import { base64, captureLine, type Side } from '../capture-line.ts';
import { baseline, COLUMNS, line, model } from './captured-lines.ts';

/** Rows in the order in which batches hold them, so that sums of numbers that nearly cancel are made in one order. */
function grouped(rows: readonly CapturedRow[]): readonly CapturedRow[] {
  const keyOf = ({ instance, prediction }: CapturedRow) =>
    JSON.stringify([instance !== null, prediction !== null, prediction?.modelPackage ?? null]);
  const groups = Map.groupBy(rows, keyOf);
  const first = JSON.stringify([true, true, null]);
  return [
    ...(groups.get(first) ?? []),
    ...[...groups].filter(([key]) => key !== first).flatMap(([, members]) => members),
  ];
}

/** The profile by the general decoder, row by row. */
function byDecoder(lines: readonly string[]): {
  readonly profile: Profile;
  readonly requests: number;
  readonly bad: number;
} {
  const decoded = lines.map((line) => decodeRecord(line, COLUMNS));
  const rows = grouped(decoded.flatMap((record) => (record.kind === 'request' ? record.rows : [])));
  const inputs = profileRows(
    baseline,
    model,
    rows.map(({ instance }) => instance).filter((row) => row !== null),
  );
  const edges = baseline.features[PREDICTION]?.kind === 'numeric' ? baseline.features[PREDICTION].edges : [];
  const scores = rows.flatMap(({ prediction }) => prediction?.score ?? []);
  return {
    profile: {
      ...inputs,
      features: { ...inputs.features, [PREDICTION]: profileNumbers(edges, Float64Array.from(scores)) },
    },
    requests: decoded.filter(({ kind }) => kind === 'request').length,
    bad: decoded.filter(({ kind }) => kind === 'bad').length,
  };
}

function byProfiler(lines: readonly string[], cut = 1 << 20) {
  const profiler = captureProfiler(baseline, model, COLUMNS);
  const bytes = Buffer.from(lines.join('\n'));
  for (let at = 0; at < bytes.length; at += cut) profiler.add(bytes.subarray(at, at + cut));
  return profiler.end();
}

/** Eleven digits, and nothing of sums that cancel but for the last bits of what they are made of. */
const rounded = (profile: Profile): unknown =>
  JSON.parse(
    JSON.stringify(profile, (_, value) =>
      typeof value === 'number'
        ? Math.abs(value) < 1e-13 && value !== 5e-324
          ? 0
          : Number(value.toPrecision(11)) + 0
        : value,
    ),
  );

function same(lines: readonly string[], cut?: number) {
  const [fast, slow] = [byProfiler(lines, cut), byDecoder(lines)];
  expect(rounded(fast.profile)).toEqual(rounded(slow.profile));
  expect([fast.requests, fast.bad]).toEqual([slow.requests, slow.bad]);
  return fast;
}

const lineOf = (type: string, data: string, encoding?: Side['encoding']) =>
  captureLine({ input: { type, data, ...(encoding && { encoding }) }, output: { type: 'text/csv', data: '0.25' } });

describe('captureProfiler', () => {
  it('gives the profile that the general decoder’s rows have, whatever the lines hold', () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 6 }), fc.integer({ min: 1, max: 400 }), (lines, cut) => {
        same(
          lines.filter((text) => text.trim() !== ''),
          cut,
        );
      }),
      { numRuns: 150 },
    );
  });

  it('gives the same when lines are damaged: truncated, or with bytes changed', () => {
    const damage = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 32, max: 126 })), { maxLength: 3 });
    fc.assert(
      fc.property(line, damage, fc.nat(), (whole, changes, end) => {
        const bytes = Buffer.from(whole);
        for (const [at, byte] of changes) bytes[at % bytes.length] = byte;
        const text = bytes.subarray(0, bytes.length - (end % 7 === 0 ? end % bytes.length : 0)).toString('utf8');
        if (text.trim() !== '') same([text]);
      }),
      { numRuns: 150 },
    );
  });

  it('reads the usual forms from their bytes', () => {
    const row = { amount: 1.5, country: 'DE', placed: '2001-01-01T05:00:00Z', express: true, note: 'hé' };
    const csv = '1.5,DE,2001-01-01T05:00:00Z,true,he';
    const lines = [
      lineOf('text/csv', csv),
      lineOf('text/csv', `${csv}\n${csv}\n`),
      lineOf('text/csv', base64(csv), 'BASE64'),
      lineOf('application/json', JSON.stringify({ instances: [row, row] })),
      lineOf('application/json', JSON.stringify(row)),
      lineOf(
        'application/json',
        JSON.stringify({ instances: [{ features: Object.values(row) }] }, null, 1).replaceAll('\n', ''),
      ),
      lineOf('application/jsonlines', `${JSON.stringify(row)}\n${JSON.stringify(row)}\n`),
      lineOf('application/json', base64(JSON.stringify({ instances: [{ ...row, note: 'he' }] })), 'BASE64'),
    ];
    const { fast, requests, rows, partial } = same(lines);
    expect([fast, requests, rows]).toEqual([8, 8, 11]);
    // The requests of two rows have one score.
    expect(partial).toBe(3);
  });

  it('leaves out requests and scores that do not count', () => {
    const profiler = captureProfiler(baseline, model, COLUMNS, {
      counts: ({ inferenceId, at }) => inferenceId !== 'smoke-1' && at < Date.UTC(2001, 1, 3, 5),
      scored: () => false,
    });
    const asked = { input: { type: 'text/csv', data: '1,DE,,,' }, output: { type: 'text/csv', data: '0.5' } };
    for (const names of [{ inferenceId: 'a' }, { inferenceId: 'smoke-1' }, { inferenceTime: '2001-02-03T05:00:00Z' }])
      profiler.add(Buffer.from(`${captureLine(asked, names)}\n`));
    const { requests, profile } = profiler.end();
    expect([requests, profile.rows, profile.features[PREDICTION]?.rows]).toEqual([1, 1, 0]);
  });

  it('keeps bad records aside with their reasons, twenty at most', () => {
    const { bad, badRecords } = byProfiler(Array.from({ length: 30 }, (_, i) => `{"no": ${i}}`));
    expect(bad).toBe(30);
    expect(badRecords).toHaveLength(20);
    expect(badRecords[3]).toMatchObject({ kind: 'bad', line: '{"no": 3}' });
  });

  it('counts requests of more rows than it has room for, and values of which there are very many', () => {
    const csv = Array.from({ length: 9000 }, (_, i) => `${i},c${i % 5000},,,`).join('\n');
    expect(same([lineOf('text/csv', csv), lineOf('text/csv', '1,DE,,,')]).rows).toBe(9001);
    const many = Array.from({ length: 54 }, (_, i) =>
      lineOf('text/csv', Array.from({ length: 1000 }, (_, j) => `1,v${1000 * i + j},,,`).join('\n')),
    );
    expect(same(many).fast).toBe(54);
  });
});
