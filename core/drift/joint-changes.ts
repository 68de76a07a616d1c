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

/** The joint changes of a window, from the sums that profiles keep of pairs; nothing where one side has none of the same features. */
export function jointChanges(baseline: Baseline, window: Profile, blocks: Blocks<Profile>): JointChanges {
  const [before, after] = [baseline.profile.pairs, window.pairs];
  if (before === undefined || after === undefined || !samePairs(before, after)) return NOTHING;
  const [first, second] = [momentsOf(before), momentsOf(after)];
  if (first === undefined || second === undefined) return NOTHING;
  const runs = pairBlocks(blocks, before);
  const kurtosis = kurtosesOf(baseline.profile, before);
  return {
    correlations: correlationChanges(first, second, runs, kurtosis),
    reconstruction: reconstructionChange(first, second, runs, kurtosis),
  };
}

function kurtosesOf({ features }: Profile, { names, centers, scales }: Pairs): readonly number[] {
  return names.map((name, i) => {
    const feature = features[name];
    return feature?.kind === 'numeric' ? kurtosisOf(feature, centers[i] ?? 0, scales[i] ?? 1) : 3;
  });
}
