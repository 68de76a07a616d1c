import type { DriftReport, Profile } from '../../contracts/profile.ts';
import { summarise } from '../../core/drift/compare-profiles.ts';
import { plain } from '../../core/drift/message.ts';
import { distributionFigure } from '../../core/report/distribution-figure.ts';
import {
  driftNote,
  effectTrends,
  featureTable,
  jointTable,
  nextSteps,
  verdictBadge,
} from '../../core/report/drift-section.ts';
import { type Content, html } from '../../core/report/html.ts';
import { page, pictures, section } from '../../core/report/page.ts';
import { table } from '../../core/report/table.ts';
import type { JudgedWindow } from './judged-windows.ts';

/** A drift report as a page that stands alone: the verdict, what to do, every feature ranked, its distributions, and every window. */
export function driftPage(
  report: DriftReport,
  profiles: { readonly reference: Profile; readonly current: Profile },
  windows: readonly JudgedWindow[],
): string {
  const figures = report.features.map(({ name, message }) => {
    const [before, now] = [profiles.reference.features[name], profiles.current.features[name]];
    return before && now && distributionFigure(name, message, before, now);
  });
  return page(
    'Drift',
    `${report.baseline.rows} rows of the reference, ${report.window.rows} now`,
    html`<p class="facts">${verdictBadge(report.verdict)} ${summarise(report)}${ofWindows(windows)}.</p>`,
    section('What to do next', html`<ul>${nextSteps(drifted(windows) > 0 ? 'drift' : report.verdict)}</ul>`),
    section('Features, foremost first', featureTable(report.features), jointTable(report), driftNote(report)),
    section('Distributions', pictures(...figures)),
    windows.length === 0 ? undefined : section('Windows', pictures(...trends(windows)), windowTable(windows)),
  );
}

const drifted = (windows: readonly JudgedWindow[]) => windows.filter(({ verdict }) => verdict === 'drift').length;

function ofWindows(windows: readonly JudgedWindow[]): string {
  return windows.length === 0 ? '' : `; by window, ${drifted(windows)} of ${windows.length} drifted`;
}

function trends(windows: readonly JudgedWindow[]): readonly Content[] {
  return effectTrends(windows.map(({ window, ...drift }) => ({ at: window.from, drift: { ...drift, window } })));
}

function windowTable(windows: readonly JudgedWindow[]) {
  const rows = windows.map((judged) => [
    judged.window.from.slice(0, 16).replace('T', ' '),
    judged.window.rows,
    verdictBadge(judged.verdict),
    judged.pooling === null ? summarise(judged) : `${summarise(judged)}; ${judged.pooling}`,
    plain(judged.features[0]?.effect.value ?? 0),
  ]);
  const columns = [
    { heading: 'From (UTC)' },
    { heading: 'Rows', number: true },
    { heading: 'Verdict' },
    { heading: 'What changed' },
    { heading: 'Effect of the foremost', number: true },
  ];
  return table(`${windows.length} windows, oldest first`, columns, rows);
}
