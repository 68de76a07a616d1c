import { poisson } from '../statistics/poisson.ts';
import { type Random, seededRandom } from '../statistics/random.ts';
import type { Scored } from './placements.ts';
import { binnedAuc, binScores, type ScoreBins, scoreEdges } from './score-bins.ts';

const DRAWS = 1000;
/** Fewer blocks say too little about how much they differ. */
const LEAST_BLOCKS = 10;

/** A bootstrap interval, and what it took for independent. */
export interface AucInterval {
  readonly interval: [number, number];
  readonly independent: 'rows' | 'days';
}

/**
 * A 95 % percentile interval of the AUC from 1000 draws on binned scores. With `days` (the day of each row, or NaN) of ten days or more
 * whole days are drawn, because rows of one day resemble each other; otherwise rows are drawn (Poisson bootstrap, Hanley &
 * MacGibbon 2006).
 */
export function bootstrapAuc(scored: Scored, days: readonly number[], seed: number): AucInterval {
  const edges = scoreEdges(scored);
  const blocks = dayBlocks(edges, scored, days);
  const random = seededRandom(seed);
  const whole = binScores(edges, scored);
  const redraw = blocks.length >= LEAST_BLOCKS ? () => drawDays(blocks, random) : () => drawRows(whole, random);
  const draws = Array.from({ length: DRAWS }, () => binnedAuc(redraw()))
    .filter((auc) => !Number.isNaN(auc))
    .sort((a, b) => a - b);
  const at = (share: number) => draws[Math.round(share * (draws.length - 1))] ?? Number.NaN;
  return { interval: [at(0.025), at(0.975)], independent: blocks.length >= LEAST_BLOCKS ? 'days' : 'rows' };
}

function drawRows({ positives, negatives }: ScoreBins, random: Random): ScoreBins {
  const again = (count: number) => (count === 0 ? 0 : poisson(count, random));
  return { positives: positives.map(again), negatives: negatives.map(again) };
}

function drawDays(blocks: readonly ScoreBins[], random: Random): ScoreBins {
  const bins = blocks[0]?.positives.length ?? 0;
  const pooled = { positives: new Float64Array(bins), negatives: new Float64Array(bins) };
  for (let drawn = 0; drawn < blocks.length; drawn++) {
    const day = blocks[Math.floor(random() * blocks.length)];
    addTo(pooled.positives, day?.positives);
    addTo(pooled.negatives, day?.negatives);
  }
  return pooled;
}

function addTo(sum: Float64Array, counts: Float64Array | undefined): void {
  counts?.forEach((count, bin) => {
    sum[bin] = (sum[bin] ?? 0) + count;
  });
}

/** Score bins of each day; none when a row has no day. */
function dayBlocks(edges: readonly number[], { scores, labels }: Scored, days: readonly number[]): ScoreBins[] {
  if (days.length !== scores.length || days.some((day) => Number.isNaN(day))) return [];
  const rows = Map.groupBy(scores.keys(), (row) => days[row]);
  return [...rows.values()].map((members) =>
    binScores(edges, {
      scores: members.map((row) => scores[row] ?? 0),
      labels: members.map((row) => labels[row] ?? 0),
    }),
  );
}
