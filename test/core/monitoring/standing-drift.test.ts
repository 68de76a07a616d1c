import { describe, expect, it } from 'vitest';
import { standingDrift } from '../../../core/monitoring/standing-drift.ts';

type Verdict = 'drift' | 'none' | 'too-little-data' | 'no-model';
const window = (day: number) => ({ from: `day ${day}`, to: `day ${day + 1}` });

/** Verdicts of consecutive days, oldest first, judged on the last. */
function standing(verdicts: readonly Verdict[], windows: number, of: number) {
  const all = verdicts.map((verdict, day) => ({ verdict, window: window(day) }));
  const now = all.at(-1);
  if (now === undefined) throw new Error('give a verdict');
  return standingDrift(now, all.slice(0, -1), { windows, of });
}

describe('standing drift', () => {
  it('counts from the first window on when one is enough', () => {
    expect(standing(['none', 'drift'], 1, 1)).toMatchObject({ stands: true, since: 'day 1' });
    expect(standing(['drift', 'none'], 1, 1)).toMatchObject({ stands: false });
  });

  it('waits for as many windows as are asked for, and dates it from the first of them', () => {
    expect(standing(['drift'], 2, 3).stands).toBe(false);
    expect(standing(['drift', 'none', 'drift'], 2, 3)).toMatchObject({ stands: true, since: 'day 0' });
    expect(standing(['drift', 'none', 'none', 'drift'], 2, 3).stands).toBe(false);
  });

  it('keeps standing over windows without a verdict, and says nothing of them', () => {
    expect(standing(['drift', 'too-little-data', 'no-model'], 1, 1)).toMatchObject({ stands: true, since: 'day 0' });
    expect(standing(['too-little-data'], 1, 1)).toMatchObject({ stands: false, since: 'day 0' });
  });
});
