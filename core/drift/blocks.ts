import type { Baseline, FeatureProfile, Profile } from '../../contracts/profile.ts';

/** With this many days in the baseline, days are drawn whole; a feature with a shorter record (predictions) needs half of them. */
const LEAST_DAYS = 10;
/** Two days' worth: below that, single hours do not show the day's cycle. */
const LEAST_HOURS = 48;
const HOURS_A_DAY = 24;
const DAYS_A_WEEK = 7;
/** Neighbouring blocks are drawn together when there are at least this many such runs. */
const LEAST_RUNS = 4;

/** Stretches of the baseline's time that stand for what a quiet window looks like; `baseline` and `window` are empty without time. */
export interface Blocks<T> {
  readonly null: 'independent-rows' | 'day-blocks' | 'hour-blocks';
  /** Blocks from which the baseline is drawn again, in order of time. */
  readonly baseline: readonly T[];
  /** Blocks from which a window is drawn, in order of time. */
  readonly window: readonly T[];
  /** Blocks that a window spans. */
  readonly span: number;
  /** Blocks of the baseline after which it repeats itself: 7 days, or 24 hours. */
  readonly cycle: number;
}

/** No blocks: rows count as independent. */
export const NO_BLOCKS = { null: 'independent-rows', baseline: [], window: [], span: 1, cycle: 1 } as const;

/** The blocks that fit a window: hours below a day's length when the baseline kept them, else days. */
export function blocksFor(baseline: Baseline, windowHours: number): Blocks<Profile> {
  const { days, hours = [] } = baseline;
  const enoughDays = days.length >= LEAST_DAYS;
  if (windowHours < HOURS_A_DAY && hours.length >= LEAST_HOURS) {
    const span = Math.max(1, Math.round(windowHours));
    const baseline = enoughDays ? { baseline: days, cycle: DAYS_A_WEEK } : { baseline: hours, cycle: HOURS_A_DAY };
    return { null: 'hour-blocks', ...baseline, window: hours, span };
  }
  if (!enoughDays) return NO_BLOCKS;
  return {
    null: 'day-blocks',
    baseline: days,
    window: days,
    span: Math.max(1, Math.round(windowHours / HOURS_A_DAY)),
    cycle: DAYS_A_WEEK,
  };
}

/** The blocks that hold values of one feature; a feature that lacks the window's kind of block falls back to the baseline's. */
export function blocksOfFeature(blocks: Blocks<Profile>, name: string): Blocks<FeatureProfile> {
  const held = (profiles: readonly Profile[]) =>
    profiles.flatMap(({ features }) => {
      const feature = features[name];
      return feature !== undefined && feature.rows > feature.missing ? [feature] : [];
    });
  const [baseline, window] = [held(blocks.baseline), held(blocks.window)];
  if (baseline.length < LEAST_DAYS / 2) return NO_BLOCKS;
  const few = window.length < Math.min(LEAST_HOURS, blocks.window.length) / 2;
  return few ? { ...blocks, baseline, window: baseline, span: 1 } : { ...blocks, baseline, window };
}

/** Blocks in a row that are drawn together for the window: as many as it spans, when the baseline holds enough such runs. */
export function windowRun({ window, span }: Pick<Blocks<unknown>, 'window' | 'span'>): number {
  return window.length >= LEAST_RUNS * span ? span : 1;
}

/** Blocks in a row that are drawn together for the baseline: a whole cycle, when it holds enough of them. */
export function baselineRun({ baseline, cycle }: Pick<Blocks<unknown>, 'baseline' | 'cycle'>): number {
  return baseline.length >= LEAST_RUNS * cycle ? cycle : 1;
}
