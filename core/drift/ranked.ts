import type { DriftFeature } from '../../contracts/profile.ts';
import type { Unranked } from './judge-feature.ts';

/**
 * Features by weight: drifted ones first; each group by the money at stake where it was estimated, then by effect × importance.
 * Predictions, which have no importance, weigh as the heaviest feature.
 */
export function ranked(
  features: readonly Unranked[],
  importance: Readonly<Record<string, number>>,
  stake: Readonly<Record<string, number>>,
): DriftFeature[] {
  const heaviest = Math.max(0, ...Object.values(importance));
  const weight = (name: string) => (heaviest === 0 ? 1 : (importance[name] ?? heaviest) / heaviest);
  const score = ({ name, effect }: Unranked) => effect.value * weight(name);
  const staked = ({ name }: Unranked) => stake[name] ?? Number.NEGATIVE_INFINITY;
  return features
    .toSorted(
      (a, b) =>
        Number(b.drifted) - Number(a.drifted) ||
        inOrder(staked(b), staked(a)) ||
        score(b) - score(a) ||
        a.pValue - b.pValue ||
        (a.name < b.name ? -1 : 1),
    )
    .map((feature, index) => {
      const money = stake[feature.name];
      return { ...feature, ...(money === undefined ? {} : { stake: money }), rank: index + 1 };
    });
}

/** A difference would be no number between two infinities. */
const inOrder = (a: number, b: number) => (a === b ? 0 : a < b ? -1 : 1);
