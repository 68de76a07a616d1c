import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeRecord } from '../../../core/capture/decode-record.ts';
import { idsInLine } from '../../../core/monitoring/ids-in-line.ts';
import { captureLine } from '../capture/capture-line.ts';

const lineOf = (inferenceId: string | undefined, data: string) =>
  captureLine(
    { input: { type: 'application/json', data } },
    { inferenceTime: '2001-02-03T04:05:06Z', ...(inferenceId === undefined ? {} : { inferenceId }) },
  );

describe('ids in a captured line', () => {
  it('hold the id that the decoder finds, whatever the id and the body are', () => {
    const text = fc.oneof(fc.string(), fc.constant('"inferenceId":"no"'), fc.constant('a"b\\'), fc.constant('é\n'));
    fc.assert(
      fc.property(fc.option(text, { nil: undefined }), text, (inferenceId, value) => {
        const line = lineOf(inferenceId, JSON.stringify({ instances: [{ x: value, inferenceId: value }] }));
        const decoded = decodeRecord(line, ['x']);
        const found = idsInLine(line, ['x']);
        if (decoded.kind === 'request' && decoded.inferenceId !== undefined)
          expect(found).toContain(decoded.inferenceId);
        // The body's own words are no ids.
        expect(found.length).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('are found in spaced lines and in lines of batch transform', () => {
    const spaced = JSON.stringify(JSON.parse(lineOf('a-1', '{"instances":[{"x":1}]}')), null, 1).replaceAll('\n', ' ');
    expect(idsInLine(spaced, ['x'])).toEqual(['a-1']);
    const transformed = JSON.stringify({
      x: 1,
      SageMakerOutput: { score: 0.5 },
      SageMakerInferenceId: 'b-2',
      SageMakerInferenceTime: '2001-02-03T04:05:06Z',
    });
    expect(idsInLine(transformed, ['x'])).toEqual(['b-2']);
  });

  it('are none in lines without one, and in lines that are no records', () => {
    expect(idsInLine(lineOf(undefined, '{}'), ['x'])).toEqual([]);
    expect(idsInLine('garbage', ['x'])).toEqual([]);
  });
});
