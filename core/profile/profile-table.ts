import type { FeatureProfile, Profile } from '../../contracts/profile.ts';
import { countNumbers } from './count-numbers.ts';
import { countValues } from './count-values.ts';
import { profileInOrder } from './profile-in-order.ts';
import { watchedOver } from './profile-rows.ts';
import type { Table } from './table.ts';
import type { WatchedModel } from './watched.ts';

/**
 * Profile of a table over the bins of a baseline, the same as `profileRows` gives of its rows. The rows are read once, a few thousand
 * at a time: numbers are binned here, values are counted by the database.
 */
export async function profileTable(baseline: Profile, model: WatchedModel, table: Table): Promise<Profile> {
  const watched = watchedOver(baseline, model);
  const numeric = watched.filter((feature) => feature.kind === 'numeric');
  const { rows, features, pairs } = await countNumbers(baseline, numeric, table);
  const all = new Map<string, FeatureProfile>(features);
  for (const feature of watched) {
    const known = baseline.features[feature.name];
    if (feature.kind === 'category' && known?.kind === 'category')
      all.set(feature.name, await countValues(known.values, feature, table));
  }
  return profileInOrder(
    rows,
    watched.map(({ name }) => name),
    all,
    pairs,
  );
}
