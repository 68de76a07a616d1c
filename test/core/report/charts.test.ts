import { describe, expect, it } from 'vitest';
import { barChart, histogramPair, timeLine, unitCurve } from '../../../core/report/charts.ts';
import type { Html } from '../../../core/report/html.ts';

const attributes = ({ markup }: Html, tag: string, name: string) =>
  [...markup.matchAll(new RegExp(`<${tag}[^>]* ${name}="([^"]*)"`, 'g'))].map(([, value]) => Number(value));

describe('barChart', () => {
  it('draws lengths in proportion and tells the same in words', () => {
    const chart = barChart(
      'Importance',
      'c',
      [
        { label: 'a<b', value: 4 },
        { label: 'b', value: 1 },
        { label: 'c', value: -1 },
      ],
      String,
    );
    const [longest = 0, shorter = 0, none] = attributes(chart, 'rect', 'width');
    expect(shorter / longest).toBeCloseTo(0.25, 3);
    expect(none).toBe(0);
    expect(chart.markup).toContain('aria-label="a&lt;b 4, b 1, c -1"');
  });

  it('draws nothing for no bars', () => {
    expect(attributes(barChart('h', 'c', [], String), 'rect', 'width')).toEqual([]);
  });
});

describe('histogramPair', () => {
  it('draws two columns a bin, heights in proportion to the highest', () => {
    const bins = [
      { label: 'x', first: 0.5, second: 0.25 },
      { label: 'y', first: 0.5, second: 0.75 },
    ];
    const heights = attributes(histogramPair('h', 'c', ['before', 'after'], bins), 'rect', 'height').slice(0, 4);
    const highest = Math.max(...heights);
    expect(heights.map((height) => height / highest)).toEqual([
      expect.closeTo(2 / 3, 3),
      expect.closeTo(1 / 3, 3),
      expect.closeTo(2 / 3, 3),
      1,
    ]);
  });
});

describe('unitCurve', () => {
  it('draws from the lower left to the upper right corner', () => {
    const curve = unitCurve({
      heading: 'h',
      caption: 'c',
      spoken: 's',
      points: [
        { x: 0, y: 0 },
        { x: 1, y: 1 },
      ],
    });
    const [from, to] = /points="([^"]*)"/.exec(curve.markup)?.[1]?.split(' ') ?? [];
    const [x0 = 0, y0 = 0] = from?.split(',').map(Number) ?? [];
    const [x1 = 0, y1 = 0] = to?.split(',').map(Number) ?? [];
    expect(x1).toBeGreaterThan(x0);
    expect(y1).toBeLessThan(y0);
  });
});

describe('timeLine', () => {
  it('copes with one point, and with none', () => {
    const line = (points: { at: Date; value: number }[]) =>
      timeLine({ heading: 'h', caption: 'c', points, show: String }).markup;
    expect(line([{ at: new Date('2001-02-03'), value: 0 }])).not.toMatch(/NaN|Infinity/);
    expect(line([])).not.toMatch(/NaN|Infinity/);
  });

  it('has an axis up to 1 where nothing is above zero', () => {
    const points = ['2001-02-03', '2001-02-04'].map((day) => ({ at: new Date(day), value: 0 }));
    const { markup } = timeLine({ heading: 'h', caption: 'c', points, show: String });
    expect(markup).toContain('>1</text>');
    expect(markup).not.toContain('e-324');
  });
});
