import type { ScoredLine } from '../../contracts/serving.ts';
import { nonInferiorityGate } from '../../core/gates/non-inferiority-gate.ts';
import { normalTail } from '../../core/statistics/gamma.ts';
import { seededRandom } from '../../core/statistics/random.ts';
import { normalFrom } from './world.ts';

const ROWS = 5000;
const MARGIN = 0.01;
const CHAMPION = 1.2;
/** Correlation of the two models' scores within a class. */
const COMMON = 0.8;

/** The share of candidates, truly worse than the champion by the margin, that the non-inferiority gate passes. */
export function passedWhenWorse(draws: number): number {
  const candidate = separationFor(1 - normalTail(CHAMPION / Math.SQRT2) - MARGIN);
  const random = seededRandom(17);
  const normal = normalFrom(random);
  let passed = 0;
  for (let draw = 0; draw < draws; draw++) {
    const labels = Array.from({ length: ROWS }, () => (random() < 0.2 ? 1 : 0));
    const common = labels.map(() => Math.sqrt(COMMON) * normal());
    const linesOf = (separation: number) =>
      labels.map((label, row) => line(separation * label + (common[row] ?? 0) + Math.sqrt(1 - COMMON) * normal()));
    const { verdict } = nonInferiorityGate({
      settings: { minimumAuc: 0.5, nonInferiorityMargin: MARGIN, goldenRows: [] },
      labels,
      days: [],
      candidate: linesOf(candidate),
      golden: [],
      champion: linesOf(CHAMPION),
      featureCount: 1,
      seed: 1,
    });
    if (verdict === 'pass') passed += 1;
  }
  return passed / draws;
}

const line = (score: number): ScoredLine => ({ score, label: 0, shap: [], base_value: 0 });

/** Standard deviations between classes that give an AUC, by halving: Φ(d / √2) = AUC. */
function separationFor(auc: number): number {
  let [low, high] = [0, 4];
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (1 - normalTail(middle / Math.SQRT2) < auc) low = middle;
    else high = middle;
  }
  return low;
}
