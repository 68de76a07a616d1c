import { areaUnderCurve } from '../../core/quality/area-under-curve.ts';
import { binMetric } from '../../core/quality/bin-metrics.ts';
import { binScores, scoreEdges } from '../../core/quality/score-bins.ts';
import { seededRandom } from '../../core/statistics/random.ts';
import { normalFrom } from './world.ts';

/** Standard deviations between the classes, so that the AUC is 0.8. */
const SEPARATION = 1.19;

/** The largest difference of binned and exact AUC: 10, 1 and 0.1 % positives, a window like the reference and one moved by 1 sd. */
export function binningError(rows: number): number {
  const errors = [0.1, 0.01, 0.001].flatMap((share, index) => {
    const edges = scoreEdges(draw(rows, share, 0, 2 * index + 1));
    return [0, 1].map((shift) => {
      const window = draw(rows, share, shift, 2 * index + 2);
      return Math.abs(binMetric('auc', binScores(edges, window), 0) - areaUnderCurve(window).value);
    });
  });
  return Math.max(...errors);
}

function draw(rows: number, share: number, shift: number, seed: number) {
  const random = seededRandom(seed);
  const normal = normalFrom(random);
  const labels = Array.from({ length: rows }, () => (random() < share ? 1 : 0));
  return { labels, scores: labels.map((label) => label * SEPARATION + shift + normal()) };
}
