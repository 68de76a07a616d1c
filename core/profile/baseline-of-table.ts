import type { Baseline, FeatureProfile, Profile } from '../../contracts/profile.ts';
import { emptyProfile } from './baseline.ts';
import type { CategoryBlocks } from './block-counts.ts';
import { profileBlock } from './blocks.ts';
import { countNumbers, type DividedNumbers } from './count-numbers.ts';
import { countBlockValues, profileOwnValues } from './count-values.ts';
import { type Division, divisionsOf } from './divisions.ts';
import { profileInOrder } from './profile-in-order.ts';
import { sortedSamples } from './sample-table.ts';
import type { Table } from './table.ts';
import { type ColumnFeature, type WatchedModel, watchedFeatures } from './watched.ts';

/**
 * The baseline of a table, as `buildBaseline` makes it of rows, without ever holding them: one pass over a seeded sample fixes the bins
 * of numbers, a second one counts. Edges are the sample's; counts are exact.
 */
export async function baselineOfTable(model: WatchedModel, table: Table): Promise<Baseline> {
  const watched = watchedFeatures(model);
  const numeric = watched.filter((feature) => feature.kind === 'numeric');
  const samples = await sortedSamples(numeric, table);
  const values = await ownValues(watched, table);
  const bins = emptyProfile(watched, {
    sorted: ({ name }) => samples.get(name) ?? new Float64Array(),
    values: ({ name }) => values.get(name)?.values ?? [],
  });
  const time = model.data?.time;
  const divisions = time === undefined ? [] : await divisionsOf(time, table);
  const counted = await countNumbers(bins, numeric, table, divisions);
  const features = new Map<string, FeatureProfile>([...values, ...counted.features]);
  const names = watched.map(({ name }) => name);
  const profile = profileInOrder(counted.rows, names, features, counted.pairs);
  const blocks: (readonly Profile[])[] = [];
  for (const [index, division] of divisions.entries())
    blocks.push(await blocksOf(profile, watched, { table, division, numbers: counted.divided[index] }));
  const [days = [], hours] = blocks;
  return { profile, days: [...days], ...(hours === undefined ? {} : { hours: [...hours] }), importance: {} };
}

async function ownValues(watched: readonly ColumnFeature[], table: Table) {
  const values = new Map<string, Awaited<ReturnType<typeof profileOwnValues>>>();
  for (const feature of watched)
    if (feature.kind === 'category') values.set(feature.name, await profileOwnValues(feature, table));
  return values;
}

/** A profile per block of one division, in order of time. */
async function blocksOf(
  profile: Profile,
  watched: readonly ColumnFeature[],
  {
    table,
    division,
    numbers,
  }: { readonly table: Table; readonly division: Division; readonly numbers: DividedNumbers | undefined },
): Promise<readonly Profile[]> {
  const values = new Map<string, CategoryBlocks>();
  for (const feature of watched) {
    const whole = profile.features[feature.name];
    if (feature.kind === 'category' && whole?.kind === 'category')
      values.set(feature.name, await countBlockValues(whole, feature, table, division));
  }
  const names = watched.map(({ name }) => name);
  return [...division.places.values()].map((place) => {
    const features = new Map<string, FeatureProfile>();
    for (const name of names) {
      const counts = numbers?.features.get(name) ?? values.get(name);
      if (counts !== undefined) features.set(name, counts.profile(place));
    }
    const [first] = features.values();
    return profileBlock(profile, profileInOrder(first?.rows ?? 0, names, features, numbers?.pairs?.profile(place)));
  });
}
