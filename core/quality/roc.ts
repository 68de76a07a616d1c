import type { Scored } from './placements.ts';

/** A point of the ROC curve. */
export interface RocPoint {
  readonly falsePositiveRate: number;
  readonly truePositiveRate: number;
}

/** Enough for a smooth picture. */
const POINTS = 200;

/** The ROC curve from (0, 0) to (1, 1), thinned to about 200 points; ties give one slanted step, as the AUC counts them. */
export function rocCurve({ scores, labels }: Scored): readonly RocPoint[] {
  const order = [...scores.keys()].sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0));
  const positives = labels.reduce((sum, label) => sum + label, 0);
  const negatives = labels.length - positives;
  const points: RocPoint[] = [{ falsePositiveRate: 0, truePositiveRate: 0 }];
  const step = Math.max(1, Math.floor(order.length / POINTS));
  let [truePositives, sinceLast] = [0, 0];
  order.forEach((row, index) => {
    truePositives += labels[row] ?? 0;
    sinceLast += 1;
    const next = order[index + 1];
    const last = next === undefined;
    if (!last && (sinceLast < step || scores[next] === scores[row])) return;
    sinceLast = 0;
    points.push({
      falsePositiveRate: negatives === 0 ? 0 : (index + 1 - truePositives) / negatives,
      truePositiveRate: positives === 0 ? 0 : truePositives / positives,
    });
  });
  return points;
}
