import type { Profile } from '../../contracts/profile.ts';
import type { Window } from '../../contracts/window.ts';
import { mergeProfiles } from '../profile/merge.ts';

/** A window with what was counted in it. */
export interface ProfiledWindow {
  readonly window: Window;
  readonly profile: Profile;
}

/** Windows judged together because each alone had too few rows. */
export interface PooledWindows {
  readonly profile: Profile;
  /** From the start of the oldest to the end of the newest. */
  readonly window: Window;
  /** The windows it was made of, newest first; one when nothing had to be pooled. */
  readonly windows: readonly Window[];
  /** Hours of those windows together; gaps between them do not count. */
  readonly spannedHours: number;
  /** What was pooled, as a clause; undefined when nothing was. */
  readonly message: string | undefined;
}

/** Windows that are pooled at most: beyond that the oldest say little of now. */
export const MOST_POOLED = 30;

const HOUR = 3_600_000;

/**
 * The newest window, together with those before it until they hold `minimumRows` or there are thirty. Empty windows between count
 * as windows.
 * @param newest the window to judge
 * @param before the windows before it, newest first, over the same bins
 * @throws ModelwayError `profiles-differ` when they are not over the same bins
 */
export function poolWindows(
  newest: ProfiledWindow,
  before: readonly ProfiledWindow[],
  minimumRows: number,
): PooledWindows {
  let profile = newest.profile;
  const windows = [newest.window];
  for (const earlier of before) {
    if (profile.rows >= minimumRows || windows.length === MOST_POOLED) break;
    profile = mergeProfiles(profile, earlier.profile);
    windows.push(earlier.window);
  }
  const from = windows.at(-1)?.from ?? newest.window.from;
  const spannedHours = windows.reduce((sum, window) => sum + hoursOf(window), 0);
  const message =
    windows.length === 1
      ? undefined
      : `judged together with the ${windows.length - 1} windows before it, since ${from}: it has ${newest.profile.rows} rows of its own, all together ${profile.rows}`;
  return { profile, window: { from, to: newest.window.to }, windows, spannedHours, message };
}

const hoursOf = ({ from, to }: Window) => (Date.parse(to) - Date.parse(from)) / HOUR;
