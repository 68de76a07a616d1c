import { SMOKE_TEST_PREFIX } from '../../contracts/capture.ts';
import type { Answering, FileCounts, Window, WindowCounts } from '../../contracts/window.ts';
import { type CapturedRequest, decodeRecord } from '../../core/capture/decode-record.ts';
import { linesOf } from '../../core/capture/lines.ts';
import { idCollector } from '../../core/monitoring/id-index.ts';
import { answeredBy } from '../../core/monitoring/judged-version.ts';
import { KEPT_BAD_RECORDS } from '../../core/monitoring/merge-counts.ts';
import type { Lake } from '../aws/lake.ts';
import { readAhead } from '../aws/read-ahead.ts';
import type { VersionCounter } from './count-version.ts';
import type { FileLabels } from './window-labels.ts';

/** What capture files are counted against. */
export interface CaptureSetup {
  readonly window: Window;
  /** Names of values that come by position. */
  readonly columns: readonly string[];
  readonly answering: Answering;
  readonly labels: FileLabels;
  /** An empty counter for a version that is met for the first time. */
  readonly counterOf: (packageArn: string) => Promise<VersionCounter>;
}

/** Reads capture files as streams and counts the rows of the window, each with its label, for the version that answered. */
export async function profileCapture(keys: readonly string[], setup: CaptureSetup, lake: Lake): Promise<WindowCounts> {
  const { window, columns, answering, labels } = setup;
  const [from, to] = [Date.parse(window.from), Date.parse(window.to)];
  const counts = noCounts(keys.length);
  const badRecords: WindowCounts['badRecords'] = [];
  const ids = idCollector();
  const versions = new Map<string, VersionCounter>();
  let matched = 0;
  for await (const { content } of readAhead(keys, lake))
    for await (const line of linesOf(content)) {
      const decoded = decodeRecord(line, columns);
      if (decoded.kind === 'bad') {
        counts.bad += 1;
        if (badRecords.length < KEPT_BAD_RECORDS) badRecords.push({ reason: decoded.reason, line: decoded.line });
        continue;
      }
      const at = Date.parse(decoded.at);
      if (at < from || at >= to || !isTraffic(decoded, counts)) continue;
      if (decoded.inferenceId !== undefined) ids.add(decoded.inferenceId);
      for (const [index, row] of decoded.rows.entries()) {
        const name = answeredBy(row.prediction?.modelPackage ?? null, at, answering);
        const version = versions.get(name) ?? (await setup.counterOf(name));
        versions.set(name, version);
        const outcome = decoded.inferenceId === undefined ? undefined : labels.take(decoded.inferenceId, index);
        if (outcome !== undefined) matched += 1;
        version.add(row, at, outcome);
      }
    }
  return {
    captured: counts,
    badRecords,
    versions: [...versions.values()].map((version) => version.counted()).sort(byName),
    ids: ids.index(),
    labels: { ...labels.agreement, matched },
  };
}

const byName = (a: { readonly packageArn: string }, b: { readonly packageArn: string }) =>
  a.packageArn < b.packageArn ? -1 : 1;

/** Counts a request; false for a smoke test, which is no traffic. */
function isTraffic({ inferenceId, rows, problems }: CapturedRequest, counts: FileCounts): boolean {
  if (inferenceId?.startsWith(SMOKE_TEST_PREFIX) === true) {
    counts.smokeTests += 1;
    return false;
  }
  counts.requests += 1;
  counts.rows += rows.length;
  counts.partial += problems.length > 0 ? 1 : 0;
  for (const { prediction } of rows) if (prediction?.shap) counts.explained += 1;
  return true;
}

const noCounts = (files: number): FileCounts => ({
  files,
  requests: 0,
  rows: 0,
  explained: 0,
  smokeTests: 0,
  bad: 0,
  partial: 0,
});
