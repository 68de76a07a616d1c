import type { BinnedFeature } from '../../contracts/quality-reference.ts';
import type { Instance } from '../../contracts/serving.ts';
import { frequentValues } from '../profile/category.ts';
import type { WatchedFeature } from '../profile/watched.ts';

/** Deciles, and finer in the tails: that is where rows go when a feature shifts. */
const LEVELS = [0.01, 0.04, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.96, 0.99] as const;
const MOST_VALUES = 30;

/** Bins of a feature for quality: deciles with finer tails, or the thirty most frequent values and the rest; missing apart. */
export function binFeature(feature: WatchedFeature, instances: readonly Instance[]): BinnedFeature {
  if (feature.kind === 'category') {
    const values = frequentValues(instances.map(feature.read)).slice(0, MOST_VALUES);
    return { name: feature.name, kind: 'category', values };
  }
  const values = Float64Array.from(instances, feature.read).filter((value) => !Number.isNaN(value));
  return { name: feature.name, kind: 'numeric', edges: quantileEdges(values.sort()) };
}

/** Distinct quantiles above the smallest value, so that no bin is empty from the start. */
function quantileEdges(sorted: Float64Array): number[] {
  const edges = LEVELS.map((level) => sorted[Math.floor(level * sorted.length)] ?? 0);
  return [...new Set(edges)].filter((edge) => sorted.length > 0 && edge > (sorted[0] ?? 0));
}
