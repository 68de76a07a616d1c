import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assembled, recordBatches } from '../../../rehearsal/sagemaker/record-batches.ts';

const byLine = (strategy: string, maxPayloadBytes = 1e9) => ({ splitType: 'Line', strategy, maxPayloadBytes });
const cut = (text: string, rules: Parameters<typeof recordBatches>[1]) =>
  recordBatches(Buffer.from(text), rules).map((batch) => batch.toString());

describe('the batches of an input file', () => {
  it('are the whole file without splitting', () => {
    expect(cut('a\nb', { splitType: 'None', strategy: 'MultiRecord', maxPayloadBytes: 1 })).toEqual(['a\nb']);
  });
  it('are single lines for SingleRecord, the last one ended too', () => {
    expect(cut('a\n\nb', byLine('SingleRecord'))).toEqual(['a\n', 'b\n']);
  });
  it('hold as many lines as fit the payload, and at least one', () => {
    expect(cut('aa\nbb\ncccccc\nd\n', byLine('MultiRecord', 6))).toEqual(['aa\nbb\n', 'cccccc\n', 'd\n']);
  });
  it('lose no line and invent none', () => {
    const lines = fc.array(fc.stringMatching(/^[a-z]{1,8}$/), { maxLength: 40 });
    fc.assert(
      fc.property(lines, fc.integer({ min: 1, max: 30 }), (given, limit) => {
        const batches = cut(given.join('\n'), byLine('MultiRecord', limit));
        expect(
          batches
            .join('')
            .split('\n')
            .filter((line) => line !== ''),
        ).toEqual(given);
      }),
    );
  });
});

describe('the assembled output', () => {
  it('ends every answer with a line end when assembled by line, and joins as it is otherwise', () => {
    const answers = ['1', '2\n', '3'].map((text) => Buffer.from(text));
    expect(assembled(answers, 'Line').toString()).toBe('1\n2\n3\n');
    expect(assembled(answers, 'None').toString()).toBe('12\n3');
  });
});
