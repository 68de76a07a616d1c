import type { Baseline, Pairs, Profile } from '../../contracts/profile.ts';
import type { Blocks } from './blocks.ts';
import { type CorrelationChange, correlationChanges } from './correlation-change.ts';
import { kurtosisOf } from './kurtosis.ts';
import { pairBlocks } from './pair-blocks.ts';
import { momentsOf, samePairs } from './pair-moments.ts';
import { type ReconstructionChange, reconstructionChange } from './reconstruction-change.ts';

/** What no single feature shows: changes of how numeric features move together. */
export interface JointChanges {
  readonly correlations: readonly CorrelationChange[];
  readonly reconstruction: ReconstructionChange | undefined;
}

const NOTHING: JointChanges = { correlations: [], reconstruction: undefined };

/**
 * The joint changes of a window, from the sums that profiles keep of pairs; nothing where one side has none of the same features.
 * `designEffects` by feature stand in for blocks that keep no pairs.
 */
export function jointChanges(
  baseline: Baseline,
  window: Profile,
  blocks: Blocks<Profile>,
  designEffects: ReadonlyMap<string, number> = new Map(),
): JointChanges {
  const [before, after] = [baseline.profile.pairs, window.pairs];
  if (before === undefined || after === undefined || !samePairs(before, after)) return NOTHING;
  const [first, second] = [momentsOf(before), momentsOf(after)];
  if (first === undefined || second === undefined) return NOTHING;
  const doubt = {
    blocks: pairBlocks(blocks, before),
    kurtosis: kurtosesOf(baseline.profile, before),
    designEffects: before.names.map((name) => designEffects.get(name) ?? 1),
    windows: blocks.window.length / blocks.span,
  };
  return {
    correlations: correlationChanges(first, second, doubt),
    reconstruction: reconstructionChange(first, second, doubt),
  };
}

function kurtosesOf({ features }: Profile, { names, centers, scales }: Pairs): readonly number[] {
  return names.map((name, i) => {
    const feature = features[name];
    return feature?.kind === 'numeric' ? kurtosisOf(feature, centers[i] ?? 0, scales[i] ?? 1) : 3;
  });
}
