import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import type { Browser } from './chromium.ts';

/** What a reader, and a reader's browser, make of a page. */
export interface Look {
  /** Messages of the browser's console, and errors of scripts. */
  readonly complaints: readonly string[];
  /** Dialogs that something on the page opened. */
  readonly dialogs: readonly string[];
  /** Addresses asked for, the page itself left out. */
  readonly requests: readonly string[];
  readonly text: string;
  /** Elements that reach beyond the window's right edge, by window width; what scrolls by itself does not count. */
  readonly overflowing: Readonly<Record<string, readonly string[]>>;
  /** Pictures that are not drawn, or are drawn without a name for those who cannot see them. */
  readonly poorPictures: readonly string[];
  /** Texts whose contrast with their background is below 4.5 (WCAG 2.2, 1.4.3), in the dark and the light setting. */
  readonly faint: readonly string[];
}

/** A phone, and a desk. */
const WIDTHS = [390, 1280] as const;

/** Opens a page in the browser and looks at it on a phone and on a desk. */
export async function look(browser: Browser, folder: string, name: string, markup: string): Promise<Look> {
  const file = join(folder, `${name}.html`);
  writeFileSync(file, markup);
  const address = pathToFileURL(file).href;
  const seen = { complaints: [] as string[], dialogs: [] as string[], requests: [] as string[] };
  const page = await browser.newPage();
  page.on('console', (message) => seen.complaints.push(`${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => seen.complaints.push(error.message));
  page.on('request', (request) => request.url() !== address && seen.requests.push(request.url()));
  page.on('dialog', (dialog) => {
    seen.dialogs.push(dialog.message());
    dialog.dismiss().catch(() => undefined);
  });
  await page.goto(address);
  const overflowing: Record<string, readonly string[]> = {};
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 900 });
    overflowing[width] = Lines.parse(await page.evaluate(OVERFLOWING));
  }
  const faint: string[] = [];
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    faint.push(...Lines.parse(await page.evaluate(FAINT)).map((line) => `${colorScheme}: ${line}`));
  }
  const text = z.string().parse(await page.evaluate('document.body.innerText'));
  const poorPictures = Lines.parse(await page.evaluate(POOR_PICTURES));
  if (process.env.MODELWAY_SCREENSHOTS !== undefined)
    await page.screenshot({ path: join(process.env.MODELWAY_SCREENSHOTS, `${name}.png`), fullPage: true });
  await page.close();
  return { ...seen, text, overflowing, poorPictures, faint };
}

const Lines = z.array(z.string());

const OVERFLOWING = `[...document.querySelectorAll('body *')]
  .filter((element) => !element.closest('svg, .scroll, pre'))
  .filter((element) => element.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
  .map((element) => element.tagName + ' ' + element.textContent.trim().slice(0, 60))`;

const POOR_PICTURES = `[...document.querySelectorAll('svg')]
  .filter((svg) => {
    const { width, height } = svg.getBoundingClientRect();
    const hidden = svg.getAttribute('aria-hidden') === 'true';
    const named = svg.getAttribute('aria-label') ?? svg.querySelector('title')?.textContent ?? '';
    return width < 40 || height < 20 || svg.querySelector('rect, path, polyline, circle, line') === null || (!hidden && named === '');
  })
  .map((svg) => svg.outerHTML.slice(0, 120))`;

/** Computed colours are rgb(…); a transparent background shows what lies behind it. */
const FAINT = `(() => {
  const channels = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const luminance = ([r, g, b]) => [r, g, b]
    .map((c) => c / 255).map((c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const background = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = channels(getComputedStyle(at).backgroundColor);
      if (colour.length === 3 || colour[3] > 0) return colour;
    }
    return getComputedStyle(document.documentElement).colorScheme.includes('dark') && matchMedia('(prefers-color-scheme: dark)').matches ? [18, 18, 18] : [255, 255, 255];
  };
  return [...document.querySelectorAll('body *')]
    .filter((element) => !element.closest('svg') && [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim() !== ''))
    .flatMap((element) => {
      const [a, b] = [luminance(channels(getComputedStyle(element).color)), luminance(background(element))];
      const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
      return contrast < 4.5 ? [element.tagName + ' ' + contrast.toFixed(2) + ' ' + element.textContent.trim().slice(0, 40)] : [];
    });
})()`;
