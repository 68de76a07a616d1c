import { type Content, type Html, html } from './html.ts';

/** Colours follow the reader's light or dark setting; pictures use the same variables. */
const STYLE: Html = {
  markup: `
:root { color-scheme: light dark; --ink: #1b1f24; --soft: #59636e; --paper: #ffffff; --line: #d5dae0; --band: #f3f5f8;
  --first: #2f6fd0; --second: #d9731a; --good: #1d7f45; --bad: #c0302b; --unsure: #96690a; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e9ed; --soft: #9aa4af; --paper: #14171b; --line: #363c44; --band: #1e2329;
  --first: #79a9f2; --second: #f0a35e; --good: #5dc389; --bad: #f0807b; --unsure: #dfb14f; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 2rem 1.25rem 4rem; max-width: 68rem; color: var(--ink); background: var(--paper);
  font: 16px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.6rem; margin: 0 0 .25rem; } h2 { font-size: 1.2rem; margin: 2.2rem 0 .6rem; } h3 { font-size: 1rem; margin: 0 0 .3rem; }
p.lead { color: var(--soft); margin: 0 0 1rem; } a { color: var(--first); }
table { border-collapse: collapse; width: 100%; font-size: .92rem; } caption { text-align: left; color: var(--soft); padding-bottom: .4rem; }
th, td { text-align: left; vertical-align: top; padding: .4rem .7rem .4rem 0; border-bottom: 1px solid var(--line); }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.scroll { overflow-x: auto; } .pictures { display: grid; gap: 1.4rem; grid-template-columns: repeat(auto-fit, minmax(19rem, 1fr)); }
figure { margin: 0; } figcaption { color: var(--soft); font-size: .88rem; } svg { width: 100%; height: auto; display: block; }
svg text { fill: var(--soft); font: 11px system-ui, sans-serif; }
.badge { font-weight: 600; } .badge.good { color: var(--good); } .badge.bad { color: var(--bad); } .badge.unsure { color: var(--unsure); }
.facts { background: var(--band); padding: .8rem 1rem; border-radius: .4rem; }`,
};

/** A page that stands alone: no script, no request leaves it, readable in light and dark and on a phone. */
export function page(title: string, lead: Content, ...sections: readonly Content[]): string {
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${title}</title><style>${STYLE}</style></head>
<body><main><h1>${title}</h1><p class="lead">${lead}</p>
${sections}
</main></body></html>
`.markup;
}

/** A headed part of a page. */
export function section(heading: string, ...content: readonly Content[]): Html {
  return html`<section><h2>${heading}</h2>${content}</section>`;
}

/** How a verdict looks: its word carries the meaning, the colour only helps. */
export function badge(word: string, tone: 'good' | 'bad' | 'unsure'): Html {
  return html`<span class="badge ${tone}">${word}</span>`;
}

/** Pictures side by side where there is room. */
export function pictures(...figures: readonly Content[]): Html {
  return html`<div class="pictures">${figures}</div>`;
}
