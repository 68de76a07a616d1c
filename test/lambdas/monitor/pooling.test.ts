import { describe, expect, it } from 'vitest';
import { windowReportKey } from '../../../contracts/keys.ts';
import { WindowReportSchema } from '../../../contracts/window.ts';
import { flights, inHundreds, stage } from './monitoring-stage.ts';

const DAYS = ['2001-02-01', '2001-02-02', '2001-02-03', '2001-02-04'] as const;
const endOf = (day: number) => `2001-02-0${day + 2}T00:00:00.000Z`;

/** Four days with `rows` rows each, judged one after another. */
async function judged(rows: readonly number[], options: Parameters<typeof stage>[0] = {}) {
  const { put, execute, lake } = stage({ now: () => new Date('2001-02-05T00:31:00Z'), ...options });
  const verdicts: string[] = [];
  for (const [index, count] of rows.entries()) {
    const at = `${DAYS[index]}T05:10:00Z`;
    if (count > 0) await put(at, inHundreds(flights(count, 40 + index, 15), at));
    const windowEnd = `2001-02-0${index + 2}T00:30:00Z`;
    for (const { judgement } of await execute({ windowEnd })) verdicts.push(judgement.verdict);
  }
  const report = (day: number) =>
    WindowReportSchema.parse(JSON.parse(lake.text(windowReportKey('flights', endOf(day), 'json'))));
  return { verdicts, report, lake };
}

describe('windows of too few rows', () => {
  it('are judged together with those before them as soon as there are enough rows, and say so', async () => {
    const { verdicts, report, lake } = await judged([400, 400, 400]);
    expect(verdicts).toEqual(['too-little-data', 'too-little-data', 'drift']);
    expect(report(2).drift.window.rows).toBe(1200);
    expect(report(2).profile.rows).toBe(400);
    expect(report(2).pooled?.windows).toHaveLength(3);
    expect(report(2).pooled?.message).toMatch(/together with the 2 windows before it, since 2001-02-01/);
    expect(lake.text(windowReportKey('flights', endOf(2), 'html'))).toContain('together with the 2 windows before it');
  });

  it('are not pooled with a window that had enough rows to be judged alone', async () => {
    const { verdicts, report } = await judged([1500, 400]);
    expect(verdicts).toEqual(['drift', 'too-little-data']);
    expect(report(1).pooled).toBe(null);
  });

  it('prove nothing when they are empty', async () => {
    const { verdicts, report } = await judged([600, 600, 0]);
    expect(verdicts).toEqual(['too-little-data', 'drift', 'too-little-data']);
    expect(report(2).pooled).toBe(null);
  });

  it('stay without a verdict when the config does not want them pooled', async () => {
    const { verdicts } = await judged([600, 600], { monitoring: { pool: false } });
    expect(verdicts).toEqual(['too-little-data', 'too-little-data']);
  });
});
