import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { rehearsalReportPage } from '../../cli/report/rehearsal-report.ts';
import { reportHtml } from '../../core/intake/report-html.ts';
import { linkRecords, relatedTo } from '../../core/lineage/lineage-graph.ts';
import { lineagePage } from '../../core/report/lineage-page.ts';
import { modelCardPage } from '../../core/report/model-card.ts';
import { page } from '../../core/report/page.ts';
import { qualityPage } from '../../core/report/quality-page.ts';
import { evidence, result } from '../cli/rehearsal-fixture.ts';
import { runCli } from '../cli/run-cli.ts';
import { MODEL, PACKAGE, RECORDS } from '../core/lineage/lineage-fixture.ts';
import { card } from '../core/report/model-card-fixture.ts';
import { QUALITY_REPORT } from '../core/report/quality-report-fixture.ts';
import { report, show } from '../core/report/window-report-fixture.ts';
import { lineageRecord } from '../lambdas/memory-lineage.ts';
import { type Browser, openChromium } from './chromium.ts';
import { look } from './look.ts';

const HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(2)>';

let folder = '';
let browser: Browser | undefined;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'modelway-pages-'));
  browser = await openChromium();
});
afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Every page that people are sent to, with the words it must show. */
const PAGES: readonly { name: string; markup: () => string | Promise<string>; shows: readonly string[] }[] = [
  { name: 'model-card', markup: () => modelCardPage(card), shows: ['Refused.', 'run-<1>'] },
  {
    name: 'rehearsal-report',
    markup: () => rehearsalReportPage(result, evidence),
    shows: ['<script>alert(1)</script>'],
  },
  { name: 'intake-report', markup: intakePage, shows: [HOSTILE, '=cmd|calc'] },
  { name: 'drift', markup: driftPage, shows: ['amount', HOSTILE] },
  {
    name: 'window',
    markup: () => show(report(2000, 30, { quality: QUALITY_REPORT })),
    shows: ['<b>ORD</b>', 'mean delay'],
  },
  { name: 'quality', markup: () => qualityPage(HOSTILE, QUALITY_REPORT), shows: [HOSTILE, 'Metrics'] },
  { name: 'lineage', markup: () => lineageOfPackage(), shows: ['dataset#d-1', 'inbox/flights/january.csv'] },
  { name: 'lineage-of-a-year', markup: () => lineageOfPackage(60), shows: ['window#2001-03-01T01:00:00.000Z'] },
];

describe.each(PAGES)('the page $name', ({ name, markup, shows }) => {
  test('opens in a browser without a complaint, asks nothing of the network and runs nothing from data', async () => {
    const seen = await look(opened(), folder, name, await markup());
    for (const words of shows) expect(seen.text).toContain(words);
    expect(seen.complaints).toEqual([]);
    expect(seen.dialogs).toEqual([]);
    expect(seen.requests).toEqual([]);
    expect(seen.overflowing).toEqual({ 390: [], 1280: [] });
    expect(seen.poorPictures).toEqual([]);
    expect(seen.faint).toEqual([]);
  });
});

describe('looking at a page', () => {
  test('would see a script, a request, a text that is too wide, a picture without a name and a faint text', async () => {
    const bad = page('bad', 'lead')
      .replace(/<meta http-equiv[^>]*>/, '')
      .replace(
        '</main>',
        `<script>alert(1)</script><img src="http://127.0.0.1:9/x.png"><p style="width:3000px">wide</p>
         <svg viewBox="0 0 9 9"><rect width="9" height="9"/></svg><p style="color:#777;background:#888">faint</p></main>`,
      );
    const seen = await look(opened(), folder, 'bad', bad);
    expect(seen.dialogs).toEqual(['1']);
    expect(seen.requests).toEqual(['http://127.0.0.1:9/x.png']);
    expect(seen.complaints).toHaveLength(1);
    expect(seen.overflowing['390']).toContain('P wide');
    expect(seen.poorPictures).toHaveLength(1);
    expect(seen.faint).toContainEqual(expect.stringContaining('faint'));
  });
});

function opened(): Browser {
  if (browser === undefined) throw new Error('the browser is opened in beforeAll');
  return browser;
}

/** The lineage of a package with so many more windows. */
function lineageOfPackage(windows = 0): string {
  const more = Array.from({ length: windows }, (_, day) => {
    const end = new Date(Date.UTC(2001, 1, 13 + day, 1)).toISOString();
    return lineageRecord(MODEL, { kind: 'window', id: end, at: end, detail: { verdict: 'none', packageArn: PACKAGE } });
  });
  return lineagePage(relatedTo(linkRecords(MODEL, [...RECORDS, ...more]), `package#${PACKAGE}`));
}

function intakePage(): string {
  const finding = {
    rule: 'values',
    severity: 'quarantine',
    row: 3,
    column: HOSTILE,
    value: '=cmd|calc',
    message: HOSTILE,
  } as const;
  const rows = { read: 3, accepted: 2, quarantined: 1 };
  return reportHtml({ file: HOSTILE, verdict: 'quarantined', rows, findingsTotal: 1, findings: [finding] }, 'one row');
}

async function driftPage(): Promise<string> {
  const write = (file: string, shift: number) => {
    const lines = Array.from(
      { length: 3000 },
      (_, i) => `${((i * 37) % 100) + shift},"${i % 9 === 0 ? HOSTILE.replaceAll('"', '""') : 'A'}"`,
    );
    writeFileSync(join(folder, file), `amount,"${HOSTILE.replaceAll('"', '""')}"\n${lines.join('\n')}\n`);
  };
  write('before.csv', 0);
  write('after.csv', 40);
  await runCli(['drift', '--reference', 'before.csv', '--current', 'after.csv', '--html', 'drift.html'], folder);
  return readFileSync(join(folder, 'drift.html'), 'utf8');
}
