import { type Content, type Html, html } from './html.ts';

/** The drawing area inside a picture's margins, in the picture's own units. */
export const AREA = { left: 44, top: 10, width: 400, height: 180 } as const;
const SIZE = { width: AREA.left + AREA.width + 12, height: AREA.top + AREA.height + 34 } as const;

/** A picture with its heading, a caption, and a text that says the same to those who cannot see it. */
export function figure(
  heading: string,
  caption: Content,
  spoken: string,
  drawing: Content,
  height: number = SIZE.height,
): Html {
  return html`<figure><h3>${heading}</h3><svg viewBox="0 0 ${SIZE.width} ${height}" role="img" aria-label="${spoken}">${drawing}</svg><figcaption>${caption}</figcaption></figure>`;
}

/** Where a share of the width lies, left to right. */
export const across = (share: number): number => AREA.left + share * AREA.width;

/** Where a share of the height lies, bottom to top. */
export const up = (share: number): number => AREA.top + (1 - share) * AREA.height;

/** Labels along both axes, at shares of width and height, with a line under the drawing. */
export function axes(
  below: readonly (readonly [number, string])[],
  beside: readonly (readonly [number, string])[],
): Html {
  const anchor = (share: number) => (share === 0 ? 'start' : share === 1 ? 'end' : 'middle');
  return html`<line x1="${across(0)}" x2="${across(1)}" y1="${up(0)}" y2="${up(0)}" stroke="var(--line)"/>
${below.map(([share, label]) => html`<text x="${across(share)}" y="${up(0) + 15}" text-anchor="${anchor(share)}">${label}</text>`)}
${beside.map(([share, label]) => html`<text x="${AREA.left - 5}" y="${up(share) + 4}" text-anchor="end">${label}</text>`)}`;
}

/** What the two colours stand for. */
export function legend(first: string, second: string): Html {
  const y = up(0) + 30;
  return html`<rect x="${across(0)}" y="${y - 8}" width="9" height="9" fill="var(--first)"/><text x="${across(0) + 13}" y="${y}">${first}</text>
<rect x="${across(0.35)}" y="${y - 8}" width="9" height="9" fill="var(--second)"/><text x="${across(0.35) + 13}" y="${y}">${second}</text>`;
}
