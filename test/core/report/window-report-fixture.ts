import type { Feature } from '../../../contracts/features.ts';
import type { Instance } from '../../../contracts/serving.ts';
import { type WindowReport, WindowReportSchema } from '../../../contracts/window.ts';
import { compareProfiles } from '../../../core/drift/compare-profiles.ts';
import { buildBaseline } from '../../../core/profile/baseline.ts';
import { profileRows } from '../../../core/profile/profile-rows.ts';
import { windowReportPage } from '../../../core/report/window-report.ts';

const features: Feature[] = [
  { kind: 'numeric', column: 'delay' },
  { kind: 'category', column: 'origin' },
];
const model = { features, data: { columns: [] } };
const rows = (count: number, shift: number): Instance[] =>
  Array.from({ length: count }, (_, i) => ({
    delay: (i % 97) + shift,
    origin: i % 3 === 0 ? '<b>ORD</b>' : `A${i % 40}`,
  }));
const baseline = buildBaseline(model, rows(5000, 0));

/** The report of a window of `count` rows whose delays are moved by `shift`. */
export function report(count: number, shift: number, changed: Partial<WindowReport> = {}): WindowReport {
  const profile = profileRows(baseline.profile, model, rows(count, shift));
  const settings = { falseAlarmsPerMonth: 1, windowHours: 24, effectFloor: 0.02, minimumRows: 1000, notComparable: [] };
  return WindowReportSchema.parse({
    model: 'flights',
    window: { from: '2001-02-01T00:00:00.000Z', to: '2001-02-02T00:00:00.000Z' },
    at: '2001-02-02T00:30:00.000Z',
    amended: false,
    live: { packageArn: 'arn:aws:sagemaker:us-east-1:123456789012:model-package/flights/1', runId: 'run-1' },
    captured: {
      files: 1,
      requests: 10,
      rows: count,
      explained: count,
      otherModel: 0,
      smokeTests: 0,
      bad: 0,
      partial: 0,
    },
    badRecords: [],
    drift: compareProfiles(baseline, profile, settings, 1),
    profile,
    ...changed,
  });
}

/** Its page. */
export const show = (given: WindowReport) =>
  windowReportPage(
    given,
    baseline,
    [{ to: '2001-02-01T00:00:00.000Z', drifted: 0, quality: 0.7 }],
    'https://docs.example/runbook.md',
  );
