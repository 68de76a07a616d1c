import { describe, expect, it } from 'vitest';
import { labelSorter, MOST_WINDOWS_OF_LABELS, storedLabels } from '../../../core/monitoring/sort-labels.ts';

const model = { monitoring: { every: 'hour' as const } };
const ARRIVED = new Date('2001-06-01T00:00:00Z');
const label = (hour: number) => ({
  inferenceId: `i-${hour}`,
  row: 0,
  label: 1,
  predictedAt: new Date(Date.parse('2001-01-01T00:30:00Z') + hour * 3_600_000).toISOString(),
});

describe('sorting labels by window', () => {
  const sorter = () => labelSorter(model, ARRIVED);

  it('goes by the time of the prediction; without one, a label stays undated', () => {
    const { add, sorted } = sorter();
    const undated = { inferenceId: 'u', row: 0, label: 0 };
    for (const one of [label(0), label(1), label(0), undated]) expect(add(one)).toBe(undefined);
    expect([...sorted().byWindow].map(([to, labels]) => [to, labels.length])).toEqual([
      ['2001-01-01T01:00:00.000Z', 2],
      ['2001-01-01T02:00:00.000Z', 1],
    ]);
    expect(sorted().undated).toEqual([undated]);
  });

  it('takes a prediction made at the instant of arrival, and none made after it', () => {
    const at = (predictedAt: string) => sorter().add({ ...label(0), predictedAt });
    expect(at('2001-06-01T00:00:00Z')).toBe(undefined);
    expect(at('2001-06-01T00:00:00.001Z')).toMatch(/lies after the label arrived/);
  });

  it('touches a bounded number of windows and says what to do with the rest', () => {
    const { add } = sorter();
    for (let hour = 0; hour < MOST_WINDOWS_OF_LABELS; hour += 1) expect(add(label(hour))).toBe(undefined);
    expect(add(label(MOST_WINDOWS_OF_LABELS))).toMatch(/at most 744 are taken; send it in another file/);
    expect(add(label(3))).toBe(undefined);
  });
});

describe('stored labels', () => {
  it('say when they became known: as told, else when they arrived', () => {
    const text = storedLabels([{ ...label(0), at: '2001-02-01T00:00:00Z' }, label(1)], ARRIVED);
    expect(
      text
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line).at),
    ).toEqual(['2001-02-01T00:00:00Z', '2001-06-01T00:00:00.000Z']);
    expect(storedLabels([], ARRIVED)).toBe('');
  });
});
