import { describe, expect, it } from 'vitest';
import { decodeRecord } from '../../../core/capture/decode-record.ts';
import { base64 } from './capture-line.ts';

const COLUMNS = ['age', 'hours'];
const request = (record: unknown) => {
  const decoded = decodeRecord(typeof record === 'string' ? record : JSON.stringify(record), COLUMNS);
  if (decoded.kind === 'bad') throw new Error(decoded.reason);
  return decoded;
};
const reasonOf = (record: unknown) => {
  const decoded = decodeRecord(typeof record === 'string' ? record : JSON.stringify(record), COLUMNS);
  return decoded.kind === 'bad' ? decoded.reason : 'read';
};

const side = (data: unknown, encoding = 'JSON') => ({
  observedContentType: encoding === 'CSV' ? 'text/csv' : 'application/json',
  mode: 'INPUT',
  data: typeof data === 'string' ? data : JSON.stringify(data),
  encoding,
});
const merged = (groundTruthData: unknown, extra: Record<string, unknown> = {}) => ({
  eventVersion: '0',
  groundTruthData,
  captureData: {
    endpointInput: side({ instances: [{ features: [28, 55] }, { features: [43, 40] }] }),
    endpointOutput: { ...side({ predictions: [{ score: 0.9 }, { score: 0.5 }] }), mode: 'OUTPUT' },
  },
  eventMetadata: { eventId: 'e', inferenceId: 'i', inferenceTime: '2024-01-19T19:27:57Z' },
  ...extra,
});
const labelsOf = (record: unknown) => request(record).rows.map(({ label }) => label);

describe('records merged with ground truth', () => {
  it('give every row its label, in each form that labels are uploaded in', () => {
    const forms = [
      { data: '{"instances": [{"label": 0}, {"label": 1}]}', encoding: 'JSON' },
      { data: '{"predictions": [{"label": 0}, {"label": 1}]}', encoding: 'JSON' },
      { data: '[0, 1]', encoding: 'JSON' },
      { data: '[false, true]', encoding: 'JSON' },
      { data: '{"label": 0}\n{"label": 1}\n', encoding: 'JSON' },
      { data: '0\n1', encoding: 'CSV' },
      { data: base64('0\n1'), encoding: 'BASE64', observedContentType: 'text/csv' },
    ];
    for (const form of forms) expect(labelsOf(merged(form)), form.data).toEqual([0, 1]);
  });

  it('keep their rows and scores when labels are too few, too many or no numbers, and say so', () => {
    const [few] = [request(merged({ data: '1', encoding: 'CSV' }))];
    expect(few.rows.map(({ label, prediction }) => [label, prediction?.score])).toEqual([
      [null, 0.9],
      [null, 0.5],
    ]);
    expect(few.problems).toEqual(['labels: are 1, the rows 2']);
    expect(request(merged({ data: '["yes", "no"]', encoding: 'JSON' })).problems).toEqual([
      'labels: row 1: has no label that is a number',
    ]);
  });

  it('are read for batch transform too, whose output holds the input beside the answer and has no time', () => {
    const record = {
      eventMetadata: { eventId: 'ae4ec948' },
      eventVersion: '0',
      groundTruthData: { data: '{"label": 1}', encoding: 'JSON' },
      captureData: {
        batchTransformOutput: {
          data: '{"SageMakerOutput":{"predicted_label":1,"score":0.98},"features":[28,55]}',
          encoding: 'JSON',
        },
      },
    };
    expect(request(record)).toEqual({
      kind: 'request',
      eventId: 'ae4ec948',
      inferenceId: undefined,
      at: '',
      rows: [
        { instance: { age: 28, hours: 55 }, prediction: { score: 0.98, shap: null, modelPackage: null }, label: 1 },
      ],
      problems: [],
    });
    const csv = { ...record, captureData: { batchTransformOutput: { data: '0.25', encoding: 'CSV' } } };
    expect(request(csv).rows).toMatchObject([{ instance: null, prediction: { score: 0.25 }, label: 1 }]);
  });

  it('need a time unless they were merged', () => {
    const { groundTruthData: _, ...record } = merged(undefined, { eventMetadata: { eventId: 'e' } });
    expect(reasonOf(record)).toBe('inferenceTime is no instant');
  });
});

describe('lines of batch transform with inference ids', () => {
  const id = '89180035-821a-41d9-87b2-67a22490de94';
  const at = '2023-01-21T01:29:04Z';

  it('give row, score, id and time from JSON Lines, with the input by position, by name or not joined', () => {
    const line = (rest: object) => ({
      SageMakerInferenceId: id,
      SageMakerInferenceTime: at,
      SageMakerOutput: { predicted_label: 0, score: 0.05 },
      ...rest,
    });
    expect(request(line({ features: [29, 37] }))).toMatchObject({ eventId: id, inferenceId: id, at, problems: [] });
    expect(request(line({ features: [29, 37] })).rows[0]?.instance).toEqual({ age: 29, hours: 37 });
    expect(request(line({ age: 29, hours: 37 })).rows[0]?.instance).toEqual({ age: 29, hours: 37 });
    expect(request(line({})).rows).toMatchObject([{ instance: null, prediction: { score: 0.05 } }]);
    expect(reasonOf({ ...line({}), SageMakerInferenceTime: 'today' })).toBe('inferenceTime is no instant');
  });

  it('give the same from CSV, which ends in id and time', () => {
    expect(request(`29,37,0.05,${id},${at}`)).toMatchObject({
      inferenceId: id,
      at,
      rows: [{ instance: { age: '29', hours: '37' }, prediction: { score: 0.05 } }],
    });
    expect(request(`0.05,${id},${at}`).rows).toMatchObject([{ instance: null, prediction: { score: 0.05 } }]);
    expect(reasonOf(`29,37,0.05,${at},${id}`)).toBe('the line is not JSON');
  });
});

describe('hostile lines', () => {
  it('are put aside or read in good time, however long, deep or wrong they are', () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    const long = 'x\n'.repeat(100_000);
    const bodies = [
      deep,
      long,
      `{"__proto__": 1, "age": 1e999, "hours": "${'9'.repeat(100_000)}"}`,
      '"'.repeat(100_000),
    ];
    for (const body of bodies)
      for (const encoding of ['JSON', 'CSV', 'BASE64']) {
        const record = merged(side(body, encoding), { captureData: { endpointInput: side(body, encoding) } });
        const decoded = decodeRecord(JSON.stringify(record), COLUMNS);
        expect(['request', 'bad']).toContain(decoded.kind);
      }
    for (const line of [deep, long, `{"captureData":${deep}}`, `${'1,'.repeat(100_000)}${'x'.repeat(10)}`])
      expect(decodeRecord(line, COLUMNS)).toMatchObject({ kind: 'bad' });
  });

  it('cannot reach a prototype', () => {
    const record = merged(
      { data: '[0]', encoding: 'JSON' },
      {
        captureData: { endpointInput: side('{"__proto__": "x", "age": 1, "constructor": 2}') },
      },
    );
    const [row] = request(record).rows;
    expect(Object.getPrototypeOf(row?.instance)).toBe(Object.prototype);
    expect(Object.keys(row?.instance ?? {})).toEqual(['__proto__', 'age', 'constructor']);
  });
});
