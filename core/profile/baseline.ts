import type { ModelConfig } from '../../contracts/model-config.ts';
import type { Baseline, FeatureProfile, Profile } from '../../contracts/profile.ts';
import type { Instance } from '../../contracts/serving.ts';
import { frequentValues, profileValues } from './category.ts';
import { quantileEdges } from './edges.ts';
import { dayOf, instantOf } from './instant.ts';
import { mergeProfiles } from './merge.ts';
import { profileNumbers } from './numeric.ts';
import { profileRows } from './profile-rows.ts';
import { watchedFeatures } from './watched.ts';

type Watched = Pick<ModelConfig, 'features' | 'data'>;

/**
 * The baseline of a model's training rows: bins fixed from the rows themselves, the profile over them, and the same per UTC day
 * when the model has a time column. Importance is empty until the candidate has been scored.
 */
export function buildBaseline(model: Watched, rows: readonly Instance[]): Baseline {
  const bins = emptyProfile(model, rows);
  const { days, undated } = byDay(model.data.time, rows);
  const dayProfiles = days.map((day) => profileRows(bins, model, day));
  const profile = [...dayProfiles, profileRows(bins, model, undated)].reduce(mergeProfiles, bins);
  return { profile, days: dayProfiles, importance: {} };
}

/** Fixed bins for every watched feature, with nothing counted in them yet. */
function emptyProfile(model: Watched, rows: readonly Instance[]): Profile {
  const features = watchedFeatures(model).map((feature): [string, FeatureProfile] => {
    if (feature.kind === 'category') return [feature.name, profileValues(frequentValues(rows.map(feature.read)), [])];
    const values = Float64Array.from(rows, feature.read).filter((value) => !Number.isNaN(value));
    return [feature.name, profileNumbers(quantileEdges(values), new Float64Array())];
  });
  return { version: 1, rows: 0, features: Object.fromEntries(features) };
}

/** Rows of each UTC day, oldest day first, and those without a time. */
function byDay(time: string | undefined, rows: readonly Instance[]) {
  if (time === undefined) return { days: [], undated: rows };
  const groups = new Map<number, Instance[]>();
  const undated: Instance[] = [];
  for (const row of rows) {
    const instant = instantOf(row[time]);
    if (Number.isNaN(instant)) {
      undated.push(row);
      continue;
    }
    const group = groups.get(dayOf(instant));
    if (group === undefined) groups.set(dayOf(instant), [row]);
    else group.push(row);
  }
  return { days: [...groups].sort(([a], [b]) => a - b).map(([, group]) => group), undated };
}
