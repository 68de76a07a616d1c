import type { Judgement } from '../../contracts/monitoring-steps.ts';

/** Whether drift counts, and since when. */
export interface StandingDrift {
  readonly stands: boolean;
  /** Start of the first window that it rests on. */
  readonly since: string;
}

/**
 * Drift counts when at least `windows` of the last `of` judged windows drifted, this one among them. Windows with too little data
 * prove nothing and are passed over. `past` is oldest first.
 */
export function standingDrift(
  now: Pick<Judgement, 'verdict' | 'window'>,
  past: readonly Pick<Judgement, 'verdict' | 'window'>[],
  { windows, of }: { readonly windows: number; readonly of: number },
): StandingDrift {
  const judged = [...past.filter(({ window }) => window.to < now.window.to), now].filter(
    ({ verdict }) => verdict === 'drift' || verdict === 'none',
  );
  const drifted = judged.slice(-of).filter(({ verdict }) => verdict === 'drift');
  const since = drifted[0]?.window.from ?? now.window.from;
  return { stands: now.verdict === 'drift' && drifted.length >= windows, since };
}
