import type { QualitySetup } from '../../contracts/quality-window.ts';
import type { ReadyMetric } from '../business/business-metrics.ts';
import { mergeMoments, noMoments } from '../business/business-value.ts';
import { moneyAtStake } from '../business/money-at-stake.ts';
import type { QualityWindow } from './quality-window.ts';

/**
 * Money at stake in each feature of a window, for ranking its drift: the first declared business metric that could be computed on held-out
 * rows and now, weighed by the held-out rows' attributions. Empty when there is no such metric, or nothing was explained.
 */
export function featuresAtStake(
  { business, attribution }: QualitySetup,
  { days }: QualityWindow,
  metrics: readonly ReadyMetric[],
): Readonly<Record<string, number>> {
  if (attribution === null || attribution.whole.rows === 0) return {};
  const importance = Object.fromEntries(
    attribution.names.map((name, index) => [name, (attribution.whole.sums[index] ?? 0) / attribution.whole.rows]),
  );
  const rows = [...days.values()].reduce((sum, { counts }) => sum + counts.scored.rows.reduce((a, b) => a + b, 0), 0);
  for (const { metric } of metrics) {
    const before = business[metric.name];
    const now = [...days.values()]
      .map((day) => day.business[metric.name] ?? noMoments())
      .reduce(mergeMoments, noMoments());
    if (before === undefined || before.rows === 0 || now.rows === 0) continue;
    return moneyAtStake(importance, { before: before.sum / before.rows, now: now.sum / now.rows, rows });
  }
  return {};
}
