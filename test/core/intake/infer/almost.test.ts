import { describe, expect, test } from 'vitest';
import { almost } from '../../../../core/intake/infer/almost.ts';
import { collectEvidence } from '../../../../core/intake/infer/column-evidence.ts';
import { proposeColumn } from '../../../../core/intake/infer/propose-column.ts';

function adviceFor(texts: readonly string[]): string | undefined {
  const nearly = almost();
  for (const text of texts) nearly.add(text);
  return nearly.advice();
}

describe('texts that are almost something else', () => {
  test.each<[string, readonly string[], RegExp]>([
    ['placeholders among numbers', ['1', '2.5', 'NA', '-3', 'NA'], /numbers but for "NA" \(2 times\)/],
    ['German dates', ['31.12.2001', '1.2.2003'], /2001-01-31/],
    ['American dates with a clock', ['12/31/2001 13:05', '1/2/2003 00:00'], /2001-01-31/],
    ['prices', ['$1.99', '$20'], /signs/],
    ['separators of thousands', ['1,234.50', '999.00'], /separators/],
    ['percentages', ['12%', '3.5 %'], /signs/],
    ['yes and no', ['yes', 'No', 'yes'], /true and false/],
  ])('%s', (_, texts, advice) => {
    expect(adviceFor(texts)).toMatch(advice);
  });

  test.each<[string, readonly string[]]>([
    ['numbers', ['1', '2', '3e4']],
    ['words', ['red', 'green', 'no way']],
    ['many different texts among numbers', ['1', '2', '3', '4', '5', '6', '7', 'a', 'b', 'c', 'd']],
    ['telephone numbers', ['+49 30 1234', '0171/123']],
    ['nothing', []],
  ])('%s need no advice', (_, texts) => {
    expect(adviceFor(texts)).toBeUndefined();
  });
});

function proposed(name: string, values: readonly number[]) {
  const collector = collectEvidence();
  for (const value of values) collector.add(String(value));
  return proposeColumn(name, collector.evidence())?.column;
}

test('whole numbers are a key when they count rows or are called one, not because they differ so far', () => {
  const counted = Array.from({ length: 50 }, (_, row) => 7 + row);
  const spread = counted.map((value) => value * 3);
  expect(proposed('x', counted)?.unique).toBe(true);
  expect(proposed('customer_id', spread)?.unique).toBe(true);
  expect(proposed('customerId', spread)?.unique).toBe(true);
  expect(proposed('paid', spread)).toEqual({ name: 'paid', kind: 'numeric', integer: true, min: 0, max: 500 });
});
