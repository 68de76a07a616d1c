import { describe, expect, test } from 'vitest';
import { lineageRecord } from '../../../core/lineage/lineage-record.ts';
import { windowFindings } from '../../../core/retraining/window-findings.ts';

const SINCE = '2001-02-01T00:00:00Z';
const window = (to: string, detail: object, at = '2001-03-01T00:00:00Z', id = to) =>
  lineageRecord({ model: 'm', kind: 'window', id, at, parents: [], detail: { window: { from: 'f', to }, ...detail } });

describe('what windows found since the live model was made', () => {
  test('stands since the newest window that shows it, calm windows after it or not', () => {
    const records = [
      window('2001-02-10T00:00:00Z', { verdict: 'drift', findings: { drift: true, quality: true } }),
      window('2001-02-12T00:00:00Z', { verdict: 'none', findings: { drift: false, conceptDrift: true } }),
      window('2001-02-11T00:00:00Z', { verdict: 'drift', findings: { drift: true } }),
    ];
    const { standing, newest } = windowFindings(records, SINCE);
    expect(standing).toEqual({
      drift: '2001-02-11T00:00:00Z',
      quality: '2001-02-10T00:00:00Z',
      conceptDrift: '2001-02-12T00:00:00Z',
    });
    expect(newest).toMatchObject({ end: '2001-02-12T00:00:00Z', found: ['conceptDrift'] });
  });

  test('leaves out windows of the model before, and those that nothing could be told of', () => {
    const records = [
      window('2001-01-20T00:00:00Z', { verdict: 'drift' }),
      window('2001-02-20T00:00:00Z', { verdict: 'too-little-data' }),
      window('2001-02-21T00:00:00Z', { verdict: 'no-model' }),
    ];
    expect(windowFindings(records, SINCE)).toEqual({ standing: {}, newest: undefined });
  });

  test('leaves out windows that another version than the one that serves was judged by', () => {
    const records = [
      window('2001-02-10T00:00:00Z', { verdict: 'drift', packageArn: 'before' }),
      window('2001-02-11T00:00:00Z', { verdict: 'none', packageArn: 'live' }),
    ];
    expect(windowFindings(records, SINCE, 'live').standing).toEqual({});
    expect(windowFindings(records, SINCE, 'before').standing).toEqual({ drift: '2001-02-10T00:00:00Z' });
    expect(windowFindings(records, SINCE).newest?.end).toBe('2001-02-11T00:00:00Z');
  });

  test('takes the last judgement of a window that was judged again', () => {
    const end = '2001-02-10T00:00:00Z';
    const records = [
      window(end, { verdict: 'none' }, '2001-03-02T00:00:00Z', `${end}-amended`),
      window(end, { verdict: 'drift' }, '2001-03-01T00:00:00Z'),
    ];
    expect(windowFindings(records, SINCE).standing).toEqual({});
  });

  test('reads records of an earlier time, whose id is the window’s end', () => {
    const early = lineageRecord({
      model: 'm',
      kind: 'window',
      id: '2001-02-10T00:00:00Z',
      at: '2001-02-10T00:30:00Z',
      parents: [],
      detail: { verdict: 'drift' },
    });
    expect(windowFindings([early], SINCE)).toEqual({
      standing: { drift: '2001-02-10T00:00:00Z' },
      newest: { end: '2001-02-10T00:00:00Z', found: ['drift'], evidence: 'drift' },
    });
  });

  test('gives the summary and the report as evidence', () => {
    const found = {
      verdict: 'none',
      findings: { conceptDrift: true },
      summary: 'AUC .02 too low',
      reportKey: 'r.json',
    };
    expect(windowFindings([window('2001-02-10T00:00:00Z', found)], SINCE).newest?.evidence).toBe(
      'AUC .02 too low; report r.json',
    );
  });
});
