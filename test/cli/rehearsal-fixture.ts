import type { RehearsalResult } from '../../contracts/rehearsal.ts';
import type { Evidence } from '../../rehearsal/play/evidence.ts';

/** Text that must never become markup. */
export const HOSTILE = '<script>alert(1)</script>';

/** A failed rehearsal whose texts are hostile. */
export const result: RehearsalResult = {
  outcome: 'failed',
  failure: { station: HOSTILE, message: 'the training machine ended FAILED', log: 'logs' },
  stages: [{ name: 'synthesize the templates', seconds: 7.25 }],
  totalSeconds: 12.5,
  peakMemoryMB: 900,
  timeline: [
    { at: '2001-02-01T01:00:00.000Z', what: `uploaded ${HOSTILE}`, who: 'user', ref: 'v1' },
    { at: '2001-02-01T01:01:00.000Z', what: 'intake started', who: 'states', ref: 'e1' },
    {
      at: '2001-02-01T01:02:00.000Z',
      what: 'Alarm updated from OK to ALARM',
      who: 'cloudwatch',
      ref: 'modelway-m-drift',
    },
  ],
  models: [{ name: 'm', versions: 1, live: null }],
  lineage: ['deployment e1'],
  figures: { rows: 42 },
  awsCalls: { 's3:PutObject': 3 },
  deviations: ['no GPU'],
};
const at = (time: string, value: number) => ({ at: new Date(time), value });
/** A dashboard with one line of data and one without. */
export const evidence: Evidence = {
  records: [],
  audit: [],
  auditHead: null,
  answered: {},
  documents: {},
  dashboard: [
    {
      title: 'DriftedFeatures',
      lines: [
        { label: 'm', points: [at('2001-02-01T00:00:00Z', 0), at('2001-02-08T00:00:00Z', 2)] },
        { label: 'silent', points: [] },
      ],
    },
  ],
  live: undefined,
};
