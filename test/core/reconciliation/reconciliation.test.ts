import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeRecord } from '../../../core/capture/decode-record.ts';
import { EMPTY_TALLY, tallied } from '../../../core/reconciliation/capture-tally.ts';
import { reconcileCounts } from '../../../core/reconciliation/reconcile-counts.ts';

const WINDOW = { from: '2001-05-01T12:00:00.000Z', to: '2001-05-01T13:00:00.000Z' };

/** A capture line with two rows asked about; `output` null is a request without an answer. */
function line(at: string, output: string | null, inferenceId?: string): string {
  const side = (mode: string, data: string, encoding = 'JSON') => ({
    observedContentType: encoding === 'JSON' ? 'application/json' : 'text/plain',
    mode,
    data,
    encoding,
  });
  return JSON.stringify({
    captureData: {
      endpointInput: side('INPUT', '{"instances":[{"x":1},{"x":2}]}'),
      ...(output === null
        ? {}
        : { endpointOutput: side('OUTPUT', output, output.startsWith('{') ? 'JSON' : 'BASE64') }),
    },
    eventMetadata: { eventId: 'e', inferenceTime: at, ...(inferenceId === undefined ? {} : { inferenceId }) },
    eventVersion: '0',
  });
}
const EXPLAINED = '{"predictions":[{"score":0.1,"shap":[1]},{"score":0.2,"shap":[2]}]}';
const HALF = '{"predictions":[{"score":0.1,"shap":[1]},{"score":0.2}]}';
const NOON = '2001-05-01T12:30:00Z';

const tallyOf = (lines: readonly string[], ofWindow = true) =>
  lines.reduce((tally, text) => tallied(tally, decodeRecord(text, ['x']), WINDOW, ofWindow), EMPTY_TALLY);

describe('a tally of capture lines', () => {
  test('counts answered requests, their rows and their explanations, smoke tests among them', () => {
    const tally = tallyOf([line(NOON, EXPLAINED), line(NOON, HALF), line(NOON, EXPLAINED, 'smoke-1')]);
    expect(tally).toEqual({ answered: 3, unreadable: 0, rows: 6, explained: 5, nearStart: 0, nearEnd: 0 });
  });

  test('leaves out requests of other windows, and those that failed', () => {
    const tally = tallyOf([
      line('2001-05-01T11:30:00Z', EXPLAINED),
      line('2001-05-01T13:00:00Z', EXPLAINED),
      line(NOON, null),
    ]);
    expect(tally).toEqual({ ...EMPTY_TALLY, nearEnd: 1 });
  });

  test('counts who came within five seconds of either end, on both sides', () => {
    const times = ['11:59:55', '12:00:05', '12:00:06', '12:59:55', '13:00:05', '13:00:06'];
    const tally = tallyOf(times.map((time) => line(`2001-05-01T${time}Z`, EXPLAINED)));
    expect(tally).toMatchObject({ answered: 3, nearStart: 2, nearEnd: 2 });
  });

  test('counts answers that say nothing, and broken lines of the window’s own files', () => {
    const lines = ['{"cut": of', line(NOON, 'ZXJyb3I=')];
    expect(tallyOf(lines)).toEqual({ ...EMPTY_TALLY, unreadable: 2 });
    expect(tallyOf(lines, false)).toEqual({ ...EMPTY_TALLY, unreadable: 1 });
  });
});

describe('a reconciliation', () => {
  const tally = { answered: 100, unreadable: 0, rows: 300, explained: 300, nearStart: 0, nearEnd: 0 };

  test('finds no gap where all agree', () => {
    expect(reconcileCounts({ invocations: 100, failed: 0 }, tally)).toMatchObject({ gap: 0, notCaptured: 0 });
  });

  test('finds requests that were not captured', () => {
    expect(reconcileCounts({ invocations: 107, failed: 0 }, tally)).toMatchObject({ gap: 7, notCaptured: 7 });
  });

  test('finds rows that were not explained', () => {
    expect(reconcileCounts({ invocations: 101, failed: 0 }, { ...tally, explained: 290 })).toMatchObject({
      gap: 10,
      notCaptured: 1,
      notExplained: 10,
    });
  });

  test('expects no capture of requests that failed', () => {
    expect(reconcileCounts({ invocations: 104, failed: 4 }, tally).gap).toBe(0);
  });

  test('takes as many unreadable answers for error texts as requests failed, and no more', () => {
    const unreadable = { ...tally, unreadable: 5 };
    expect(reconcileCounts({ invocations: 105, failed: 5 }, unreadable).gap).toBe(0);
    expect(reconcileCounts({ invocations: 105, failed: 2 }, unreadable)).toMatchObject({ notExplained: 3, gap: 3 });
  });

  test('forgives as many as lie at the ends of the window', () => {
    expect(reconcileCounts({ invocations: 103, failed: 0 }, { ...tally, nearStart: 1, nearEnd: 2 }).gap).toBe(0);
    expect(reconcileCounts({ invocations: 104, failed: 0 }, { ...tally, nearStart: 1, nearEnd: 2 }).gap).toBe(1);
  });

  test('finds no gap in an hour without any request, nor where more was captured than CloudWatch counted', () => {
    expect(reconcileCounts({ invocations: 0, failed: 0 }, EMPTY_TALLY).gap).toBe(0);
    expect(reconcileCounts({ invocations: 90, failed: 0 }, tally).gap).toBe(0);
  });

  test('never calls a loss smaller than it is, once the ends are forgiven', () => {
    const counts = fc.record({ answered: fc.nat(5000), lost: fc.nat(5000), failed: fc.nat(50), near: fc.nat(20) });
    fc.assert(
      fc.property(counts, ({ answered, lost, failed, near }) => {
        const captured = {
          answered,
          unreadable: 0,
          rows: answered,
          explained: answered,
          nearStart: near,
          nearEnd: near,
        };
        const { gap } = reconcileCounts({ invocations: answered + lost + failed, failed }, captured);
        expect(gap).toBe(Math.max(0, lost - 2 * near));
      }),
    );
  });
});
