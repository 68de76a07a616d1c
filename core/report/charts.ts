import { AREA, across, axes, figure, legend, up } from './figure.ts';
import { type Html, html } from './html.ts';

/** A labelled quantity of a bar chart. */
export interface Bar {
  readonly label: string;
  readonly value: number;
}

const BAR_HEIGHT = 20;
const LABEL_SHARE = 0.38;

/** Horizontal bars, longest value filling the width; values below 0 are drawn as 0. */
export function barChart(
  heading: string,
  caption: string,
  bars: readonly Bar[],
  show: (value: number) => string,
): Html {
  const longest = Math.max(Number.MIN_VALUE, ...bars.map(({ value }) => value));
  const start = across(LABEL_SHARE) - AREA.left;
  const room = AREA.width * (1 - LABEL_SHARE) - 20;
  const drawing = bars.map(({ label, value }, row) => {
    const width = (Math.max(0, value) / longest) * room;
    const y = AREA.top + row * BAR_HEIGHT;
    return html`<text x="${start - 6}" y="${y + 12}" text-anchor="end">${shortened(label)}</text><rect x="${start}" y="${y + 2}" width="${width}" height="14" fill="var(--first)"/><text x="${start + width + 5}" y="${y + 12}">${show(value)}</text>`;
  });
  const spoken = bars.map(({ label, value }) => `${label} ${show(value)}`).join(', ');
  return figure(heading, caption, spoken, drawing, AREA.top * 2 + bars.length * BAR_HEIGHT);
}

const shortened = (label: string) => (label.length > 24 ? `${label.slice(0, 23)}…` : label);

/** One bin of two distributions that are drawn side by side. */
export interface BinPair {
  readonly label: string;
  readonly first: number;
  readonly second: number;
}

/** Two distributions over the same bins as pairs of columns; `names` say which is which. */
export function histogramPair(
  heading: string,
  caption: string,
  names: readonly [string, string],
  bins: readonly BinPair[],
): Html {
  const highest = Math.max(Number.MIN_VALUE, ...bins.flatMap(({ first, second }) => [first, second]));
  const width = 1 / Math.max(1, bins.length);
  const column = (share: number, at: number, colour: string) =>
    html`<rect x="${across(at)}" y="${up(share / highest)}" width="${width * 0.42 * AREA.width}" height="${(share / highest) * AREA.height}" fill="var(--${colour})"/>`;
  const drawing = bins.map(({ label, first, second }, index) => {
    const at = index * width;
    return html`<g><title>${label}: ${percentOf(first)} → ${percentOf(second)}</title>${column(first, at + width * 0.06, 'first')}${column(second, at + width * 0.5, 'second')}</g>`;
  });
  const ends = [bins[0], bins[Math.floor(bins.length / 2)], bins.at(-1)];
  const labels = ends.map((bin, index): [number, string] => [index / 2, shortened(bin?.label ?? '')]);
  const beside: readonly [number, string][] = [
    [0, '0 %'],
    [1, percentOf(highest)],
  ];
  const spoken = bins
    .map(({ label, first, second }) => `${label}: ${percentOf(first)}, ${percentOf(second)}`)
    .join('; ');
  const below = bins.length < 3 ? labels.filter((_, index) => index !== 1) : labels;
  return figure(heading, caption, spoken, [drawing, axes(below, beside), legend(...names)]);
}

const percentOf = (share: number) => `${Number((share * 100).toPrecision(2))} %`;

/** A point of a line, both coordinates as shares of the axes, 0–1. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** How a curve within the unit square is drawn and named. */
export interface UnitCurve {
  readonly heading: string;
  readonly caption: string;
  readonly spoken: string;
  readonly points: readonly Point[];
  /** Draws the points as dots too, for few of them. */
  readonly dots?: boolean;
}

/** A curve within the unit square over its diagonal: ROC curves, calibration. */
export function unitCurve({ heading, caption, spoken, points, dots }: UnitCurve): Html {
  const path = points.map(({ x, y }) => `${across(x).toFixed(1)},${up(y).toFixed(1)}`).join(' ');
  const ticks: readonly [number, string][] = [
    [0, '0'],
    [0.5, '0.5'],
    [1, '1'],
  ];
  const drawing = html`<line x1="${across(0)}" y1="${up(0)}" x2="${across(1)}" y2="${up(1)}" stroke="var(--soft)" stroke-dasharray="4 4"/>
<polyline points="${path}" fill="none" stroke="var(--first)" stroke-width="2"/>
${dots === true ? points.map(({ x, y }) => html`<circle cx="${across(x)}" cy="${up(y)}" r="3.5" fill="var(--first)"/>`) : undefined}
${axes(ticks, ticks)}`;
  return figure(heading, caption, spoken, drawing);
}

/** A quantity over time, with an optional level that it is measured against. */
export interface TimeLine {
  readonly heading: string;
  readonly caption: string;
  readonly points: readonly { readonly at: Date; readonly value: number }[];
  readonly level?: number;
  readonly show: (value: number) => string;
}

/** A line over time from 0 up; days label both ends. */
export function timeLine({ heading, caption, points, level, show }: TimeLine): Html {
  const most = Math.max(0, level ?? 0, ...points.map(({ value }) => value));
  const highest = most > 0 ? most : 1;
  const times = points.map(({ at }) => at.getTime());
  const [start, end] = [Math.min(...times), Math.max(...times)];
  const x = (time: number) => across(end > start ? (time - start) / (end - start) : 0.5);
  const y = (value: number) => up(Math.max(0, value) / highest);
  const path = points.map(({ at, value }) => `${x(at.getTime()).toFixed(1)},${y(value).toFixed(1)}`).join(' ');
  const day = (at: Date | undefined) => at?.toISOString().slice(0, 10) ?? '';
  const drawing = html`${level === undefined ? undefined : html`<line x1="${across(0)}" x2="${across(1)}" y1="${y(level)}" y2="${y(level)}" stroke="var(--bad)" stroke-dasharray="4 4"/>`}
<polyline points="${path}" fill="none" stroke="var(--first)" stroke-width="2"/>
${points.map(({ at, value }) => html`<circle cx="${x(at.getTime())}" cy="${y(value)}" r="3" fill="var(--first)"><title>${day(at)}: ${show(value)}</title></circle>`)}
${axes(
  [
    [0, day(points[0]?.at)],
    [1, day(points.at(-1)?.at)],
  ],
  [
    [0, '0'],
    [1, show(highest)],
  ],
)}`;
  const spoken = points.map(({ at, value }) => `${day(at)} ${show(value)}`).join(', ');
  return figure(heading, caption, spoken, drawing);
}
