import { type MetricValue, QUALITY_METRICS, type QualityReport } from '../../contracts/quality.ts';
import { plain } from '../drift/message.ts';
import { unitCurve } from './charts.ts';
import { type Content, type Html, html } from './html.ts';
import { badge, pictures, section } from './page.ts';
import { qualitySteps } from './quality-steps.ts';
import { qualityTrend } from './quality-trend.ts';
import { table } from './table.ts';

const TONES: Readonly<Record<string, 'good' | 'bad'>> = {
  fine: 'good',
  none: 'good',
  met: 'good',
  worse: 'bad',
  gap: 'bad',
  missed: 'bad',
  drift: 'bad',
  'concept-drift': 'bad',
};
const verdictBadge = (verdict: string): Html => badge(verdict.replaceAll('-', ' '), TONES[verdict] ?? 'unsure');

/** All parts of a page on a window's quality, most urgent first; parts of which nothing is known are left out. */
export function qualitySections(report: QualityReport): readonly Content[] {
  return [
    html`<p class="facts">${verdictBadge(report.verdict)} ${report.message}.</p>`,
    section('What to do next', qualitySteps(report)),
    section('Metrics', metricTable(report), labelNote(report)),
    pictureSection(report),
    conceptSection(report),
    sliceSection(report),
    fairnessSection(report),
    modelSection(report),
    businessSection(report),
    windowSection(report),
  ];
}

const cell = (metric: MetricValue | undefined): Content =>
  metric === undefined ? '–' : `${metric.value.toFixed(3)} (${metric.interval.map((end) => end.toFixed(3)).join('–')})`;

function metricTable({ reference, realised, estimated }: QualityReport): Html {
  const rows = QUALITY_METRICS.map((name) => [
    name,
    ...[reference.metrics, realised, estimated].map((metrics) => cell(metrics.find((metric) => metric.name === name))),
  ]);
  const headings = ['Metric', 'Reference', 'Realised', 'Estimated without labels'];
  return table(
    'Each with its 95 % interval.',
    headings.map((heading, index) => ({ heading, number: index > 0 })),
    rows,
  );
}

function labelNote({ labels, threshold }: QualityReport): Html {
  const decision = html`Decisions at a score of ${threshold}.`;
  if (labels === null) return html`<p class="lead">${decision} No labels: what is realised is not known.</p>`;
  const { labelled, predictions, coverage, repeated, contradicting, unmatched, mature, warning, arrival } = labels;
  const half = arrival.find(({ share }) => share >= 0.5)?.days;
  const [first] = arrival;
  return html`<p class="lead">${decision} ${labelled} of ${predictions} rows (${plain(coverage * 100)} %) have a label${mature ? '' : '; not all are in yet'}. ${repeated} repeated, ${contradicting} contradicting, ${unmatched} of no row.
${half === undefined || first === undefined ? undefined : `Half of them came within ${half} days, ${plain(first.share * 100)} % within one.`}</p>${warning === null ? undefined : html`<p>${badge('Careful:', 'unsure')} ${warning}.</p>`}`;
}

function pictureSection(report: QualityReport): Content {
  const drawn = [qualityTrend(report), calibrationCurve(report)].filter((picture) => picture !== undefined);
  return drawn.length === 0 ? undefined : section('Pictures', pictures(drawn));
}

function calibrationCurve({ calibration }: QualityReport): Html | undefined {
  if (calibration === null || calibration.groups.length < 2) return undefined;
  return unitCurve({
    heading: 'What scores mean now',
    caption: `Observed rate against the reference’s rate at the same scores; on the dashed line nothing changed. Error ${calibration.error.toFixed(3)}.`,
    spoken: calibration.groups
      .map(({ predicted, observed }) => `${predicted.toFixed(2)} became ${observed.toFixed(2)}`)
      .join(', '),
    points: calibration.groups.map(({ predicted, observed }) => ({ x: predicted, y: observed })),
    dots: true,
  });
}

function conceptSection({ conceptDrift }: QualityReport): Html {
  const { verdict, message, evidence, gap, interval, z, cusum, support } = conceptDrift;
  const facts = [
    ['gap', gap === null ? '–' : `${gap.toFixed(4)} (${interval?.map((end) => end.toFixed(4)).join(' to ') ?? '–'})`],
    ['in standard errors (alarms below −3.4)', z === null ? '–' : z.toFixed(2)],
    ['CUSUM (alarms above 6.2)', cusum === null ? '–' : cusum.toFixed(2)],
    ['share of the reference that looks like this window', support === null ? '–' : support.toFixed(2)],
  ];
  return section(
    'Concept drift',
    html`<p>${verdictBadge(verdict)} ${message}.</p>`,
    evidence.length === 0 ? undefined : html`<ul>${evidence.map((line) => html`<li>${line}</li>`)}</ul>`,
    gap === null
      ? undefined
      : table(
          'Realised less what the inputs allow for.',
          [{ heading: 'What' }, { heading: 'Figure', number: true }],
          facts,
        ),
  );
}

function sliceSection({ slices, settings }: QualityReport): Content {
  if (slices.length === 0) return undefined;
  const named = (metrics: readonly MetricValue[]) => cell(metrics.find(({ name }) => name === settings.metric));
  const order = ['worse', 'fine', 'untested'];
  const rows = slices
    .toSorted((a, b) => order.indexOf(a.verdict) - order.indexOf(b.verdict))
    .map((slice) => [
      `${slice.column} ${slice.value}`,
      verdictBadge(slice.verdict),
      slice.rows,
      named(slice.realised),
      named(slice.estimated),
    ]);
  const columns = [
    { heading: 'Slice' },
    { heading: 'Verdict' },
    { heading: 'Rows', number: true },
    { heading: `${settings.metric} realised`, number: true },
    { heading: 'Estimated', number: true },
  ];
  return section('Slices', table('Worst first; tested together (Holm).', columns, rows));
}

function fairnessSection({ fairness }: QualityReport): Content {
  if (fairness.length === 0) return undefined;
  const rows = fairness.map(({ column, measure, verdict, gap, interval, message }) => [
    column,
    measure.replace('-', ' '),
    verdictBadge(verdict),
    `${gap.toFixed(3)} (${interval.map((end) => end.toFixed(3)).join('–')})`,
    message,
  ]);
  const columns = [
    { heading: 'Column' },
    { heading: 'Measure' },
    { heading: 'Verdict' },
    { heading: 'Largest gap', number: true },
    { heading: 'In words' },
  ];
  return section('Fairness', table('Intervals hold for all pairs of groups at once.', columns, rows));
}

function modelSection({ calibration, attribution }: QualityReport): Content {
  if (calibration === null && attribution === null) return undefined;
  return section(
    'Calibration and attributions',
    calibration === null
      ? undefined
      : html`<p>${verdictBadge(calibration.verdict)} Calibration: ${calibration.message}.</p>`,
    attribution === null
      ? undefined
      : html`<p>${verdictBadge(attribution.verdict)} Attributions: ${attribution.message}.</p>`,
  );
}

function businessSection({ business }: QualityReport): Content {
  if (business.length === 0) return undefined;
  const rows = business.map(({ name, unit, value, interval, total, rows: count, verdict, independent }) => [
    name,
    verdictBadge(verdict),
    `${plain(value)} (${interval.map(plain).join(' to ')})`,
    independent === 'rows' ? `${count}, taken for independent` : count,
    plain(total),
    unit,
  ]);
  const columns = [
    { heading: 'Metric' },
    { heading: 'Verdict' },
    { heading: 'Mean per row', number: true },
    { heading: 'Rows', number: true },
    { heading: 'Over all rows', number: true },
    { heading: 'Unit' },
  ];
  return section('Business metrics', table('A target is met or missed when the whole interval is.', columns, rows));
}

function windowSection({ windows, settings }: QualityReport): Content {
  if (windows.length === 0) return undefined;
  const named = (metrics: readonly MetricValue[]) => cell(metrics.find(({ name }) => name === settings.metric));
  const rows = windows.map(({ window, rows: count, realised, estimated, labels }) => [
    window?.from.slice(0, 16).replace('T', ' ') ?? '',
    count,
    labels === null ? 0 : labels.labelled,
    named(realised),
    named(estimated),
  ]);
  const columns = [
    { heading: 'From (UTC)' },
    { heading: 'Rows', number: true },
    { heading: 'Labels', number: true },
    { heading: `${settings.metric} realised`, number: true },
    { heading: 'Estimated', number: true },
  ];
  return section('Windows', table('Oldest first.', columns, rows));
}
