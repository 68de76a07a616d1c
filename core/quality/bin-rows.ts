import type { BinnedFeature } from '../../contracts/quality-reference.ts';
import type { Instance } from '../../contracts/serving.ts';
import type { WatchedFeature } from '../profile/watched.ts';
import { binFeature } from './feature-bins.ts';
import type { BinnedRows } from './recalibrator.ts';
import { binCount, featureCoders } from './row-coder.ts';
import { tellingFeatures } from './telling-features.ts';

/** Rows to learn from, before their features are binned. */
interface UnbinnedRows extends Pick<BinnedRows, 'bins' | 'labels'> {
  readonly features: readonly WatchedFeature[];
  readonly instances: readonly Instance[];
}

/** Chooses the features that tell most, and codes every row by them. */
export function binRows(
  { features: watched, instances, bins, labels }: UnbinnedRows,
  means: readonly number[],
  groups: readonly number[],
) {
  const all = watched.map((feature) => binFeature(feature, instances));
  const codes = all.map((feature) => ({
    bins: Uint16Array.from(instances, codeOf(feature, watched)),
    binCount: binCount(feature),
  }));
  const chosen = tellingFeatures(codes, { bins, labels }, means, groups);
  const width = chosen.length;
  const columns = new Uint16Array(instances.length * width);
  let first = 0;
  chosen.forEach((index, position) => {
    codes[index]?.bins.forEach((bin, row) => {
      columns[row * width + position] = first + bin;
    });
    first += codes[index]?.binCount ?? 0;
  });
  const features = chosen.flatMap((index) => all[index] ?? []);
  return { features, rows: { bins, labels, columns, width }, columnCount: first };
}

function codeOf(feature: BinnedFeature, watched: readonly WatchedFeature[]): (instance: Instance) => number {
  const [code] = featureCoders([feature], watched);
  return (instance) => code?.(instance) ?? 0;
}

/** Rows per cell and column, cell by cell. */
export function jointCounts({ bins, columns, width }: BinnedRows, cells: readonly number[], columnCount: number) {
  const joint = new Float64Array(((cells.at(-1) ?? 0) + 1) * columnCount);
  for (let row = 0; row < bins.length; row++) {
    const offset = (cells[bins[row] ?? 0] ?? 0) * columnCount;
    for (let i = row * width; i < (row + 1) * width; i++) {
      const at = offset + (columns[i] ?? 0);
      joint[at] = (joint[at] ?? 0) + 1;
    }
  }
  return joint;
}
