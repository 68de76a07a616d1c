import type { Baseline } from '../../contracts/profile.ts';
import type { RunbookArticle } from '../../contracts/runbook.ts';
import type { WindowReport } from '../../contracts/window.ts';
import { summarise } from '../drift/compare-profiles.ts';
import { plain } from '../drift/message.ts';
import { headlineOf } from '../monitoring/quality-findings.ts';
import { timeLine } from './charts.ts';
import { distributionFigure } from './distribution-figure.ts';
import { driftNote, featureTable, jointTable, nextSteps, verdictBadge } from './drift-section.ts';
import { type Content, type Html, html } from './html.ts';
import { page, pictures, section } from './page.ts';
import { qualitySections } from './quality-sections.ts';
import { table } from './table.ts';
import { notWatchedTable, versionsSection } from './versions-section.ts';

/** An earlier window, for the trend. */
export interface PastWindow {
  readonly to: string;
  readonly drifted: number;
  /** The headline metric: realised where labels were mature, else estimated; null when neither was there. */
  readonly quality: number | null;
}

/** Distributions drawn per page, the foremost first. */
const SHOWN_FEATURES = 12;

/** The page of a monitored window: drift with ranked features and distributions against the baseline, then quality, trends, and what to do next. */
export function windowReportPage(
  report: WindowReport,
  baseline: Baseline,
  past: readonly PastWindow[],
  runbookUrl: string,
): string {
  const { drift, window, model, pooled } = report;
  const lead = html`${day(window.from)} to ${day(window.to)} (UTC)${amendment(report)}`;
  return page(
    `${model}: monitored window`,
    lead,
    html`<p class="facts">${verdictBadge(drift.verdict)} ${summarise(drift)}.${pooled == null ? '' : ` ${pooled.message}.`}</p>`,
    section('What to do next', whatToDo(report, runbookUrl)),
    versionsSection(report),
    section(
      'Features, foremost first',
      featureTable(drift.features),
      jointTable(drift),
      driftNote(drift),
      notWatchedTable(report),
    ),
    section('Distributions', pictures(...distributions(report, baseline))),
    ...qualityPart(report),
    section('Trend', pictures(driftTrend(report, past), qualityTrend(report, past))),
    section('What was captured', capturedTable(report)),
  );
}

const CAUSES: Readonly<Record<NonNullable<WindowReport['because']>, string>> = {
  closed: 'it was judged again',
  'late-files': 'late files came',
  matured: 'its labels are mature',
  labels: 'labels came',
  'by-hand': 'it was judged again by hand',
};

const amendment = ({ amended, because }: WindowReport): string =>
  amended ? `, amended: this window had been reported before, and ${CAUSES[because ?? 'closed']}` : '';

function whatToDo({ drift, captured, live }: WindowReport, runbookUrl: string): Html {
  const article: RunbookArticle = 'alarm-drift';
  const link = html`<a href="${runbookUrl}#${article}">runbook: drift alarm</a>`;
  const steps: Content[] = [...nextSteps(drift.verdict)];
  if (drift.verdict === 'drift')
    steps.push(
      html`<li>The retraining policy was told by the alarm. Look up its decision, and upload newer labelled data if it waits for it.</li>`,
    );
  if (captured.bad + captured.partial > 0)
    steps.push(
      html`<li>Look at the records below that could not be read: their rows are missing from this report.</li>`,
    );
  return html`<ul>${steps}</ul><p>${link} · judged as <code>${live.packageArn}</code>, baseline of run <code>${live.runId}</code></p>`;
}

function distributions({ drift, profile }: WindowReport, baseline: Baseline): readonly Content[] {
  return drift.features.slice(0, SHOWN_FEATURES).map(({ name, message }) => {
    const [before, after] = [baseline.profile.features[name], profile.features[name]];
    return before && after && distributionFigure(name, message, before, after);
  });
}

function qualityPart({ quality }: WindowReport): readonly Content[] {
  if (quality == null) return [];
  const { basis, settings } = quality;
  const lead =
    basis === 'realised'
      ? html`Labels are mature: the verdict stands on what became of the rows.`
      : html`Labels are not mature before ${settings.labelHorizonDays} days have passed: until then the verdict stands on what the inputs allow for.`;
  return [section('Quality', html`<p class="lead">${lead}</p>`), ...qualitySections(quality)];
}

function driftTrend({ window, drift }: WindowReport, past: readonly PastWindow[]): Html {
  const now = { to: window.to, drifted: drift.features.filter(({ drifted }) => drifted).length };
  const points = [...past.filter(({ to }) => to < window.to), now].map(({ to, drifted }) => ({
    at: new Date(to),
    value: drifted,
  }));
  return timeLine({
    heading: 'Drifted features per window',
    caption: `${points.length} windows; each point stands at its window’s end.`,
    points,
    show: plain,
  });
}

/** One point for each window whose quality is known; the level is that of the held-out rows. */
function qualityTrend({ window, quality }: WindowReport, past: readonly PastWindow[]): Html | undefined {
  if (quality == null) return undefined;
  const { metric } = quality.settings;
  const now = { to: window.to, quality: headlineOf(quality)?.value ?? null };
  const points = [...past.filter(({ to }) => to < window.to), now].flatMap(({ to, quality: value }) =>
    value === null ? [] : [{ at: new Date(to), value }],
  );
  const level = quality.reference.metrics.find(({ name }) => name === metric)?.value;
  if (points.length === 0) return undefined;
  return timeLine({
    heading: `${metric} per window`,
    caption: 'Realised where labels are mature, else estimated; dashed: the held-out rows.',
    points,
    ...(level === undefined ? {} : { level }),
    show: (value) => value.toFixed(3),
  });
}

function capturedTable({ captured, badRecords }: WindowReport): Html {
  const counts = [
    ['capture files', captured.files],
    ['requests', captured.requests],
    ['rows', captured.rows],
    ['rows explained', captured.explained],
    ['rows answered by another model version', captured.otherModel],
    ['requests with one unusable side', captured.partial],
    ['records kept aside', captured.bad],
    ['smoke tests (not counted)', captured.smokeTests],
  ] as const;
  const aside = badRecords.map(({ reason, line }) => [reason, html`<code>${line}</code>`]);
  return html`${table('Rows of the window in the capture files.', [{ heading: 'What' }, { heading: 'Count', number: true }], counts)}
${aside.length === 0 ? undefined : table('Records kept aside (at most 20 shown).', [{ heading: 'Reason' }, { heading: 'Record' }], aside)}`;
}

const day = (instant: string) => instant.slice(0, 16).replace('T', ' ');
