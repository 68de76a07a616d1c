import type { ScoredLine } from '../../contracts/serving.ts';

/** Mean absolute contribution of each feature over scored rows, by name, in the order of the contributions. */
export function meanAbsoluteShap(names: readonly string[], lines: readonly ScoredLine[]): Record<string, number> {
  const sums = new Float64Array(names.length);
  for (const { shap } of lines)
    for (let i = 0; i < names.length; i++) sums[i] = (sums[i] ?? 0) + Math.abs(shap[i] ?? 0);
  return Object.fromEntries(names.map((name, i) => [name, lines.length === 0 ? 0 : (sums[i] ?? 0) / lines.length]));
}
