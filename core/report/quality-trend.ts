import type { MetricValue, QualityReport } from '../../contracts/quality.ts';
import { across, axes, figure, legend, up } from './figure.ts';
import { type Html, html } from './html.ts';

/** What is drawn of one window. */
interface Point {
  readonly x: number;
  readonly day: string;
  readonly realised: MetricValue | undefined;
  readonly estimated: MetricValue | undefined;
}

/** The headline metric over windows, realised and estimated, each with its 95 % interval; undefined for fewer than two windows. */
export function qualityTrend({ windows, settings, reference }: QualityReport): Html | undefined {
  const named = (metrics: readonly MetricValue[]) => metrics.find(({ name }) => name === settings.metric);
  const points = windows.flatMap(({ window, realised, estimated }, index): Point[] =>
    window === null
      ? []
      : [
          {
            x: index / Math.max(1, windows.length - 1),
            day: window.from.slice(0, 10),
            realised: named(realised),
            estimated: named(estimated),
          },
        ],
  );
  const level = named(reference.metrics)?.value;
  const ends = points.flatMap(({ realised, estimated }) => [
    ...(realised?.interval ?? []),
    ...(estimated?.interval ?? []),
  ]);
  if (points.length < 2 || ends.length === 0) return undefined;
  const [low, high] = [Math.min(...ends, level ?? 1), Math.max(...ends, level ?? 0)];
  const y = (value: number) => up(high > low ? (value - low) / (high - low) : 0.5);
  const drawing = html`${level === undefined ? undefined : html`<line x1="${across(0)}" x2="${across(1)}" y1="${y(level)}" y2="${y(level)}" stroke="var(--soft)" stroke-dasharray="4 4"/>`}
${points.map((point) => marks(point, y, 'realised', 'first', -2))}
${points.map((point) => marks(point, y, 'estimated', 'second', 2))}
${axes(
  [
    [0, points[0]?.day ?? ''],
    [1, points.at(-1)?.day ?? ''],
  ],
  [
    [0, digits(low)],
    [1, digits(high)],
  ],
)}${legend('realised', 'estimated')}`;
  const spoken = points.map(
    ({ day, realised, estimated }) => `${day} realised ${shown(realised)}, estimated ${shown(estimated)}`,
  );
  return figure(
    `${settings.metric} per window`,
    'Bars are 95 % intervals; the dashed line is the reference.',
    spoken.join('; '),
    drawing,
  );
}

/** A dot with its interval, moved a little so that both kinds can be seen. */
function marks(
  { x, day, ...values }: Point,
  y: (value: number) => number,
  kind: 'realised' | 'estimated',
  colour: string,
  shift: number,
): Html | undefined {
  const metric = values[kind];
  if (metric === undefined) return undefined;
  const at = across(x) + shift;
  const [low, high] = metric.interval;
  return html`<g><title>${day}: ${kind} ${shown(metric)} (${digits(low)}–${digits(high)})</title><line x1="${at}" x2="${at}" y1="${y(low)}" y2="${y(high)}" stroke="var(--${colour})"/><circle cx="${at}" cy="${y(metric.value)}" r="3" fill="var(--${colour})"/></g>`;
}

const digits = (value: number) => value.toFixed(3);
const shown = (metric: MetricValue | undefined) => (metric === undefined ? 'none' : digits(metric.value));
