import type { Baseline, Profile } from '../../contracts/profile.ts';
import { compareProfiles } from '../../core/drift/compare-profiles.ts';
import type { NullCache } from '../../core/drift/null-cache.ts';
import { mergeProfiles } from '../../core/profile/merge.ts';
import type { Random } from '../../core/statistics/random.ts';
import { CATEGORIES, type Change, type Drift, drawProfile, NUMERIC } from './generator.ts';
import { normal } from './normal.ts';
import { type Rates, ratesOf, settingsFor } from './rates.ts';

/** How traffic changes with time although nothing drifts. */
export interface Season {
  /** Hours of a block, and blocks of the baseline. */
  readonly blockHours: 1 | 24;
  readonly blocks: number;
  readonly rowsPerBlock: number;
  /** Blocks that a window spans. */
  readonly span: number;
  /** What every feature does at a given block; called block by block, in order of time. */
  readonly course: (random: Random) => (block: number) => Drift;
}

const HOURS_A_DAY = 24;

/** Numeric features rise and fall with the hour by half a standard deviation either way, categories by a tenth of their rows. */
export function dailyCycle(): Season['course'] {
  return () => (hour) => {
    const phase = (2 * Math.PI * hour) / HOURS_A_DAY;
    const numeric = NUMERIC.map((name, i): [string, Change] => [name, { shift: 0.5 * Math.sin(phase + i) }]);
    const category = CATEGORIES.map((name, i): [string, Change] => [name, { moved: 0.1 * Math.sin(phase + i) }]);
    return { features: Object.fromEntries([...numeric, ...category]) };
  };
}

/** Means wander from day to day as an autoregression: `deviation` standard deviations in all, `memory` the correlation of neighbours. */
export function moodyDays(deviation: number, memory: number): Season['course'] {
  return (random) => {
    const moods = NUMERIC.map(() => deviation * normal(random));
    return () => {
      for (const [i, mood] of moods.entries())
        moods[i] = memory * mood + deviation * Math.sqrt(1 - memory ** 2) * normal(random);
      return {
        features: Object.fromEntries(NUMERIC.map((name, i): [string, Change] => [name, { shift: moods[i] ?? 0 }])),
      };
    };
  };
}

/** Windows of a season against baselines of the same season, each baseline followed by `windows` windows that lie apart. */
export function throughSeasons(season: Season, baselines: number, windows: number, random: Random): Rates {
  const { blockHours, span } = season;
  const settings = settingsFor(blockHours * span);
  let cache: NullCache = new Map();
  let baseline = drawnBaseline(season, random);
  return ratesOf(baselines * windows, (index) => {
    if (index > 0 && index % windows === 0) {
      baseline = drawnBaseline(season, random);
      cache = new Map();
    }
    const window = drawnBlocks(season, Math.floor(random() * 168), span, random).reduce(mergeProfiles);
    return compareProfiles(baseline, window, settings, 1, { cache, intervals: false });
  });
}

function drawnBaseline(season: Season, random: Random): Baseline {
  const blocks = drawnBlocks(season, 0, season.blocks, random);
  const profile = blocks.reduce(mergeProfiles);
  if (season.blockHours === HOURS_A_DAY) return { profile, days: blocks, importance: {} };
  const days = Array.from({ length: Math.floor(blocks.length / HOURS_A_DAY) }, (_, day) =>
    blocks.slice(day * HOURS_A_DAY, (day + 1) * HOURS_A_DAY).reduce(mergeProfiles),
  );
  return { profile, days, hours: blocks, importance: {} };
}

/** Blocks in a row. A new course is begun, so that windows do not continue the baseline's. */
function drawnBlocks(season: Season, first: number, count: number, random: Random): Profile[] {
  const at = season.course(random);
  return Array.from({ length: count }, (_, i) => drawProfile(season.rowsPerBlock, at(first + i), random, false));
}
