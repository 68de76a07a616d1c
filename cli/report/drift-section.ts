import type { WindowReport } from '../../contracts/window.ts';
import { effectTrend } from '../../core/report/drift-section.ts';
import { type Html, html } from '../../core/report/html.ts';
import { badge, pictures } from '../../core/report/page.ts';
import { table } from '../../core/report/table.ts';
import type { Evidence } from '../../rehearsal/play/evidence.ts';
import { documentFile } from './document-file.ts';
import { type KeptWindow, windowReports } from './window-reports.ts';

/** Drift over time, feature by feature, and a table of all windows with links to their own pages. */
export function driftSection(evidence: Evidence): Html {
  const windows = windowReports(evidence);
  if (windows.length === 0) return html`<p>No window was monitored.</p>`;
  return html`${pictures(...effectLines(windows.map(({ report }) => report)))}${windowTable(windows)}`;
}

function effectLines(windows: readonly WindowReport[]): readonly Html[] {
  const names = [...new Set(windows.flatMap(({ drift }) => drift.features.map(({ name }) => name)))];
  const dated = windows.map(({ window, drift }) => ({ at: window.from, drift }));
  const caption =
    'Jensen–Shannon distance of each window from the baseline then live; dashed: the smallest effect that counts';
  return names.map((name) => effectTrend(name, dated, caption, (value) => value.toFixed(3)));
}

function windowTable(windows: readonly KeptWindow[]): Html {
  const columns = [
    { heading: 'Window from' },
    { heading: 'Rows', number: true },
    { heading: 'Verdict' },
    { heading: 'Drifted, foremost first' },
  ];
  const rows = windows.map(({ key, report }) => {
    const { verdict, features } = report.drift;
    const drifted = features.filter((feature) => feature.drifted).sort((a, b) => a.rank - b.rank);
    const tone = verdict === 'drift' ? 'bad' : verdict === 'none' ? 'good' : 'unsure';
    const link = html`<a href="${documentFile(key.replace(/json$/, 'html'))}">${report.window.from.slice(0, 10)}</a>`;
    return [
      link,
      String(report.drift.window.rows),
      badge(verdict, tone),
      drifted.map((feature) => html`${feature.message}<br>`),
    ];
  });
  return table(`${windows.length} windows`, columns, rows);
}
