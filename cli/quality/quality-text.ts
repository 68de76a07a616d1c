import type { MetricValue, QualityReport, WindowQuality } from '../../contracts/quality.ts';

/** A quality report for people: the verdict, then what it stands on, worst first. */
export function qualityText(report: QualityReport): string {
  const { conceptDrift, calibration, attribution, labels } = report;
  return [
    `${report.verdict}: ${report.message}`,
    `reference: ${metricsLine(report.reference.metrics)}`,
    `realised:  ${metricsLine(report.realised)}`,
    `estimated: ${metricsLine(report.estimated)}`,
    ...(labels === null ? ['labels: none'] : labelLines(labels)),
    `concept drift: ${conceptDrift.verdict}: ${conceptDrift.message}`,
    ...conceptDrift.evidence.map((line) => `  ${line}`),
    ...(calibration === null ? [] : [`calibration: ${calibration.verdict}: ${calibration.message}`]),
    ...(attribution === null ? [] : [`attributions: ${attribution.verdict}: ${attribution.message}`]),
    ...listed(
      'slices',
      bySeverity(report.slices, ['worse', 'fine', 'untested']).map(({ verdict, message }) => line(verdict, message)),
    ),
    ...listed(
      'fairness',
      report.fairness.map(({ verdict, measure, message }) => line(verdict, `${measure}, ${message}`)),
    ),
    ...listed('business', report.business.map(businessLine)),
    ...listed(
      'windows',
      report.windows.map((window) => windowLine(window, report.settings.metric)),
    ),
    '',
  ].join('\n');
}

const line = (verdict: string, message: string) => `  ${verdict.padEnd(15)} ${message}`;

function listed(heading: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [`${heading}:`, ...lines];
}

function bySeverity<T extends { readonly verdict: string }>(
  items: readonly T[],
  order: readonly string[],
): readonly T[] {
  return items.toSorted((a, b) => order.indexOf(a.verdict) - order.indexOf(b.verdict));
}

function metricsLine(metrics: readonly MetricValue[]): string {
  if (metrics.length === 0) return 'nothing';
  const shown = metrics.map(
    ({ name, value, interval: [low, high] }) => `${name} ${digits(value)} (${digits(low)}–${digits(high)})`,
  );
  return `${shown.join(', ')}, ${metrics[0]?.rows ?? 0} rows`;
}

function labelLines(labels: NonNullable<QualityReport['labels']>): readonly string[] {
  const { labelled, predictions, coverage, mature, repeated, contradicting, unmatched, warning } = labels;
  const leftOver = [
    [repeated, 'repeated'],
    [contradicting, 'contradicting'],
    [unmatched, 'of no row'],
  ] as const;
  const more = leftOver.filter(([count]) => count > 0).map(([count, what]) => `, ${count} ${what}`);
  const share = `${(coverage * 100).toFixed(1)} %`;
  return [
    `labels: ${labelled} of ${predictions} rows (${share})${more.join('')}${mature ? '' : '; not all are in yet'}`,
    ...(warning === null ? [] : [`  ${warning}`]),
  ];
}

function businessLine({
  name,
  unit,
  value,
  interval: [low, high],
  total,
  rows,
  target,
  verdict,
  independent,
}: QualityReport['business'][number]) {
  const goals = [
    ...(target?.atLeast === undefined ? [] : [`at least ${target.atLeast}`]),
    ...(target?.atMost === undefined ? [] : [`at most ${target.atMost}`]),
  ];
  const goal = goals.length === 0 ? '' : `, target ${goals.join(' and ')}`;
  return line(
    verdict,
    `${name}: ${plain(value)} ${unit} a row (${plain(low)} to ${plain(high)}; ${rows} rows${independent === 'rows' ? ' taken for independent' : ''})${goal}; ${plain(total)} ${unit} in all`,
  );
}

function windowLine({ window, rows, realised, estimated, labels }: WindowQuality, metric: string): string {
  const shown = (metrics: readonly MetricValue[]) => {
    const found = metrics.find(({ name }) => name === metric);
    return found ? `${digits(found.value)} (${found.interval.map(digits).join('–')})` : '–';
  };
  const from = window?.from.slice(0, 16).replace('T', ' ') ?? '';
  const age = labels === null ? 'no labels' : `${labels.labelled} labels${labels.mature ? '' : ', not all in'}`;
  return `  ${from}  ${metric} realised ${shown(realised)}, estimated ${shown(estimated)}, ${rows} rows, ${age}`;
}

const digits = (value: number) => value.toFixed(3);
const plain = (value: number) => String(Number(value.toPrecision(4)));
