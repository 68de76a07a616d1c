import { z } from 'zod';
import type { Finding } from '../../contracts/metrics.ts';
import type { LineageRecord } from '../../contracts/records.ts';
import { detailOf } from '../lineage/lineage-record.ts';

/** What a window may find, and what a policy may train on. */
export type WindowFinding = 'drift' | Finding;
const ALL: readonly WindowFinding[] = ['drift', 'quality', 'conceptDrift', 'fairness', 'business'];

/** What was found in the windows since the live model was made: the end of the newest window with each finding. */
export type Standing = Partial<Readonly<Record<WindowFinding, string>>>;

/** The newest window that was judged since the live model was made. */
export interface NewestWindow {
  readonly end: string;
  readonly found: readonly WindowFinding[];
  /** What the window showed, in words, and where its report is. */
  readonly evidence: string;
}

type JudgedWindow = NewestWindow & { readonly packageArn: string | null | undefined };

/** The parts of a window's record that are read again; early records have a verdict alone. */
const WindowDetailSchema = z.object({
  verdict: z.string(),
  summary: z.string().optional(),
  reportKey: z.string().nullish(),
  window: z.object({ to: z.string() }).optional(),
  packageArn: z.string().nullish(),
  findings: z.record(z.string(), z.boolean()).optional(),
});

/**
 * What the windows of a model show that ended after `since` and were judged; of a window judged twice the last judgement. Windows whose
 * verdicts are about another package than the one that serves are left out: a window may end after a deployment and be the model's before.
 */
export function windowFindings(
  records: readonly LineageRecord[],
  since: string,
  packageArn?: string,
): { readonly standing: Standing; readonly newest: NewestWindow | undefined } {
  const byEnd = new Map(
    records
      .toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at))
      .flatMap((record) => judgedWindow(record))
      .map((window) => [window.end, window] as const),
  );
  const windows = [...byEnd.values()]
    .filter((window) => window.packageArn == null || packageArn === undefined || window.packageArn === packageArn)
    .filter(({ end }) => Date.parse(end) > Date.parse(since))
    .sort((a, b) => Date.parse(a.end) - Date.parse(b.end));
  const standing: Standing = Object.fromEntries(
    windows.flatMap(({ end, found }) => found.map((finding) => [finding, end] as const)),
  );
  const newest = windows.at(-1);
  return { standing, newest: newest && { end: newest.end, found: newest.found, evidence: newest.evidence } };
}

function judgedWindow(record: LineageRecord): readonly JudgedWindow[] {
  const detail = detailOf(record, WindowDetailSchema);
  if (detail === undefined) return [];
  const found = ALL.filter(
    (finding) => detail.findings?.[finding] ?? (finding === 'drift' && detail.verdict === 'drift'),
  );
  // Too little data, or no model: nothing was found, and nothing was found to be well.
  if (found.length === 0 && detail.verdict !== 'none') return [];
  const report = detail.reportKey == null ? '' : `; report ${detail.reportKey}`;
  const evidence = `${detail.summary ?? detail.verdict}${report}`;
  return [{ end: detail.window?.to ?? record.id, found, evidence, packageArn: detail.packageArn }];
}
