import type { MetricValue, QualityReport } from '../../contracts/quality.ts';
import { type Html, html } from '../../core/report/html.ts';
import { pictures } from '../../core/report/page.ts';
import { qualityTrend } from '../../core/report/quality-trend.ts';
import { table } from '../../core/report/table.ts';
import type { Evidence } from '../../rehearsal/play/evidence.ts';
import { windowReports } from './window-reports.ts';

/** Quality over the windows of a rehearsal: realised once the labels were in, estimated before, and what was concluded. */
export function qualitySection(evidence: Evidence): Html {
  const judged = windowReports(evidence).flatMap(({ report: { window, drift, quality } }) =>
    quality === undefined || quality === null ? [] : [{ window, rows: drift.window.rows, quality }],
  );
  const newest = judged.at(-1)?.quality;
  if (newest === undefined) return html`<p>No window’s quality was judged.</p>`;
  const windows = judged.map(({ window, rows, quality: { realised, estimated, labels } }) => ({
    window,
    rows,
    realised,
    estimated,
    labels,
  }));
  const columns = ['Window from', newest.settings.metric, 'Stands on', 'Labels', 'Quality', 'Concept drift'];
  const lines = judged.map(({ window, quality }) => [
    window.from.slice(0, 10),
    shown(quality),
    quality.basis,
    quality.labels === null ? '–' : `${quality.labels.labelled} of ${quality.labels.predictions}`,
    quality.verdict,
    quality.conceptDrift.verdict.replaceAll('-', ' '),
  ]);
  return html`${pictures(qualityTrend({ ...newest, windows }))}${table(
    'realised metrics count mature labels only',
    columns.map((heading) => ({ heading })),
    lines,
  )}`;
}

function shown({ basis, realised, estimated, settings }: QualityReport): string {
  const metrics: readonly MetricValue[] = basis === 'realised' ? realised : estimated;
  const metric = metrics.find(({ name }) => name === settings.metric);
  if (metric === undefined) return '–';
  return `${metric.value.toFixed(3)} (${metric.interval.map((end) => end.toFixed(3)).join('–')})`;
}
