import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { html } from '../../../core/report/html.ts';
import { page, section } from '../../../core/report/page.ts';
import { table } from '../../../core/report/table.ts';

describe('html', () => {
  it('escapes every text and keeps markup of its own', () => {
    const inner = html`<b>${'<script>alert("1") & \'2\'</script>'}</b>`;
    expect(html`<p>${inner}${['a', inner, undefined]}</p>`.markup).toBe(
      '<p><b>&lt;script&gt;alert(&quot;1&quot;) &amp; &#39;2&#39;&lt;/script&gt;</b>a<b>&lt;script&gt;alert(&quot;1&quot;) &amp; &#39;2&#39;&lt;/script&gt;</b></p>',
    );
  });

  it('shows a number that is none as a dash', () => {
    expect(html`${Number.NaN} ${Number.POSITIVE_INFINITY} ${0.123456} ${7}`.markup).toBe('– – 0.1235 7');
  });

  it('lets no text out of its place, whatever it holds', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(html`${text}`.markup).not.toMatch(/[<>"']|&(?!amp;|lt;|gt;|quot;|#39;)/);
      }),
    );
  });
});

describe('page', () => {
  it('stands alone: no script, no request, and its title escaped', () => {
    const text = page('a < b', 'lead', section('Part', table('t', [{ heading: 'n', number: true }], [[1], ['<x>']])));
    expect(text).toMatch(/^<!doctype html>/);
    expect(text).toContain('<title>a &lt; b</title>');
    expect(text).toContain('<td class="number">&lt;x&gt;</td>');
    expect(text).not.toMatch(/<script|<link|<img|https?:|url\(|@import/);
    expect(text).toContain("content=\"default-src 'none';");
    expect(text).toContain('prefers-color-scheme: dark');
  });
});
