import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeRecord } from '../../../core/capture/decode-record.ts';
import { base64, captureLine } from './capture-line.ts';

const COLUMNS = ['hour', 'origin'];
const JSON_TYPE = 'application/json';

const request = (line: string) => {
  const decoded = decodeRecord(line, COLUMNS);
  if (decoded.kind === 'bad') throw new Error(decoded.reason);
  return decoded;
};
const instances = (line: string) => request(line).rows.map(({ instance }) => instance);
const predictions = (line: string) => request(line).rows.map(({ prediction }) => prediction);

const input = (data: unknown, type = JSON_TYPE) => ({ type, data: JSON.stringify(data) });
const TWO = [
  { hour: 5, origin: 'ORD' },
  { hour: 6, origin: null },
];

describe('decodeRecord', () => {
  it('reads a whole request: ids, time, rows, scores and contributions', () => {
    const answer = {
      model_package: 'p-1',
      features: COLUMNS,
      predictions: [
        { score: 0.2, label: 0, shap: [0.1, -1] },
        { score: 0.7, label: 1, shap: [0, 1] },
      ],
    };
    const line = captureLine(
      { input: input({ instances: TWO }), output: input(answer, 'application/json; charset=utf-8') },
      { inferenceId: 'i-7' },
    );
    expect(request(line)).toEqual({
      kind: 'request',
      eventId: 'e-1',
      inferenceId: 'i-7',
      at: '2001-02-03T04:05:06Z',
      rows: [
        { instance: TWO[0], prediction: { score: 0.2, shap: [0.1, -1], modelPackage: 'p-1' }, label: null },
        { instance: TWO[1], prediction: { score: 0.7, shap: [0, 1], modelPackage: 'p-1' }, label: null },
      ],
      problems: [],
    });
  });

  it('reads the same rows from every form of JSON and JSON Lines', () => {
    const positional = TWO.map(({ hour, origin }) => [hour, origin]);
    const forms = [
      input({ instances: TWO }),
      input({ instances: positional.map((features) => ({ features })) }),
      input({ instances: positional }),
      input(TWO),
      input(positional),
      { type: 'application/jsonlines', data: `${TWO.map((row) => JSON.stringify(row)).join('\n')}\n` },
      {
        type: 'application/x-jsonlines',
        data: positional.map((features) => JSON.stringify({ features })).join('\r\n'),
      },
    ];
    for (const form of forms) expect(instances(captureLine({ input: form })), form.data).toEqual(TWO);
  });

  it('reads a single row however it is wrapped', () => {
    for (const data of [{ hour: 5, origin: 'ORD' }, [5, 'ORD'], { features: [5, 'ORD'] }])
      expect(instances(captureLine({ input: input(data) }))).toEqual([TWO[0]]);
  });

  it('reads CSV by position: quotes, a header, a trailing newline, empty fields as missing', () => {
    const csv = (data: string) => instances(captureLine({ input: { type: 'text/csv', data } }));
    expect(csv('5,ORD\n6,\n')).toEqual([
      { hour: '5', origin: 'ORD' },
      { hour: '6', origin: null },
    ]);
    expect(csv('hour,origin\r\n5,"Chicago, ""O\'Hare"""\r\n')).toEqual([{ hour: '5', origin: 'Chicago, "O\'Hare"' }]);
    expect(csv('5,"two\nlines"\n6,"x"')).toEqual([
      { hour: '5', origin: 'two\nlines' },
      { hour: '6', origin: 'x' },
    ]);
  });

  it('reads base64 of either form, in the charset of the content type', () => {
    const csv = { type: 'text/csv; charset=utf-8', data: base64('5,Zürich'), encoding: 'BASE64' } as const;
    expect(instances(captureLine({ input: csv }))).toEqual([{ hour: '5', origin: 'Zürich' }]);
    const latin = {
      type: 'text/csv; charset="ISO-8859-1"',
      data: base64('5,Zürich', 'latin1'),
      encoding: 'BASE64',
    } as const;
    expect(instances(captureLine({ input: latin }))).toEqual([{ hour: '5', origin: 'Zürich' }]);
    const json = { type: JSON_TYPE, data: base64(JSON.stringify({ instances: TWO })), encoding: 'BASE64' } as const;
    expect(instances(captureLine({ input: json }))).toEqual(TWO);
  });

  it('reads scores from CSV, from JSON Lines and from bare numbers', () => {
    const scored = [
      { score: 0.25, shap: null, modelPackage: null },
      { score: 0.5, shap: null, modelPackage: null },
    ];
    expect(predictions(captureLine({ output: { type: 'text/csv', data: '0.25,x\n0.5,y\n' } }))).toEqual(scored);
    expect(predictions(captureLine({ output: input({ predictions: [0.25, 0.5] }) }))).toEqual(scored);
    const lines = '{"score":0.25,"predicted_label":0}\n{"score":0.5,"predicted_label":1}\n';
    expect(predictions(captureLine({ output: { type: 'application/jsonlines', data: lines } }))).toEqual(scored);
  });

  it('takes contributions only when they are whole: finite, and one per named feature', () => {
    const shapOf = (shap: unknown) =>
      predictions(captureLine({ output: input({ features: COLUMNS, predictions: [{ score: 0.5, shap }] }) }))[0]?.shap;
    expect(shapOf([1, 2])).toEqual([1, 2]);
    for (const shap of [[1], [1, null], [], 'none', undefined]) expect(shapOf(shap)).toBeNull();
  });

  it('is content with one side', () => {
    expect(request(captureLine({ input: input(TWO[0]) })).rows).toEqual([
      { instance: TWO[0], prediction: null, label: null },
    ]);
    expect(request(captureLine({ output: input({ score: 0.5 }) })).rows).toMatchObject([
      { instance: null, prediction: { score: 0.5 } },
    ]);
  });

  it('keeps the rows asked about when the answer is an error text or of another length', () => {
    const failed = request(captureLine({ input: input(TWO), output: { type: 'text/html', data: '<h1>500</h1>' } }));
    expect(failed.rows.map(({ prediction }) => prediction)).toEqual([null, null]);
    expect(failed.problems).toEqual(['output: the body is neither JSON nor JSON Lines']);
    const short = request(captureLine({ input: input(TWO), output: input({ predictions: [{ score: 0.5 }] }) }));
    expect(short.rows.map(({ prediction }) => prediction)).toEqual([null, null]);
    expect(short.problems).toEqual(['output: has 1 rows, the input 2']);
  });

  it('keeps a bad record aside with the reason', () => {
    const reasonOf = (line: string) => {
      const decoded = decodeRecord(line, COLUMNS);
      return decoded.kind === 'bad' ? decoded.reason : 'read';
    };
    expect(reasonOf('{"captureData":')).toBe('the line is not JSON');
    expect(reasonOf('{}')).toMatch(/^not a capture record: captureData /);
    expect(reasonOf(captureLine({}))).toBe('neither side was captured');
    expect(reasonOf(captureLine({ input: input(TWO) }, { inferenceTime: 'today' }))).toBe(
      'inferenceTime is no instant',
    );
    expect(reasonOf(captureLine({ input: input({ instances: [] }) }))).toBe('input: the body holds no row');
    expect(reasonOf(captureLine({ input: { type: 'text/csv', data: '1,2,3' } }))).toBe(
      'input: row 1: has 3 values, the model takes 2',
    );
    expect(reasonOf(captureLine({ input: input({ instances: [{ hour: { nested: 1 } }] }) }))).toBe(
      'input: row 1: hour is neither text, number, truth value nor null',
    );
    expect(reasonOf(captureLine({ output: input({ predictions: [{ score: null }] }) }))).toBe(
      'output: row 1: has no finite score',
    );
    const binary = { type: 'application/json', data: base64('\xff\xfe', 'latin1'), encoding: 'BASE64' } as const;
    expect(reasonOf(captureLine({ input: binary }))).toBe('input: base64 of content type application/json is not text');
  });

  it('never throws, whatever the line or the body holds', () => {
    const side = fc.record({
      type: fc.oneof(
        fc.constantFrom('text/csv', JSON_TYPE, 'application/jsonlines', 'a;charset=nonsense'),
        fc.string(),
      ),
      data: fc.oneof(
        fc.string(),
        fc.json(),
        fc.string().map((text) => base64(text)),
        fc.constant('"'),
      ),
      encoding: fc.constantFrom('CSV', 'JSON', 'BASE64'),
    });
    const sides = fc.record({ input: side, output: side }, { requiredKeys: [] });
    const lines = fc.oneof(
      fc.string(),
      fc.json(),
      sides.map((given) => captureLine(given)),
    );
    fc.assert(
      fc.property(lines, (line) => {
        expect(['request', 'bad']).toContain(decodeRecord(line, COLUMNS).kind);
      }),
      { numRuns: 500 },
    );
  });

  it('gives back any rows that were sent, in every encoding', () => {
    const value = fc.oneof(
      fc.string(),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.boolean(),
      fc.constant(null),
    );
    const rows = fc.array(fc.record({ hour: value, origin: value }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(rows, (sent) => {
        const data = JSON.stringify({ instances: sent });
        const back = JSON.parse(data).instances;
        expect(instances(captureLine({ input: { type: JSON_TYPE, data } }))).toEqual(back);
        expect(instances(captureLine({ input: { type: JSON_TYPE, data: base64(data), encoding: 'BASE64' } }))).toEqual(
          back,
        );
      }),
    );
  });
});
