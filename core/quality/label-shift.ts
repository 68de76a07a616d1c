import { type MetricValue, QUALITY_METRICS, type QualityMetric } from '../../contracts/quality.ts';
import type { QualityReference } from '../../contracts/quality-reference.ts';
import { binGradient, binMetric } from './bin-metrics.ts';
import { intervalAround, quantileFor } from './metric-interval.ts';
import type { QualityCounts } from './quality-counts.ts';
import type { ScoreBins } from './score-bins.ts';

const ROUNDS = 1000;
const PRECISION = 1e-10;
const STEP = 1e-4;

/**
 * Metrics of unlabelled rows if *only* the share of positives has changed and rows of each class look as before: the new share by
 * maximum likelihood of the scores (Saerens et al. 2002). Ruinous when anything else changed, so it must be asked for by name and is
 * never chosen from data. Intervals hold sampling and the uncertainty of the share.
 */
export function estimateUnderLabelShift(
  reference: QualityReference,
  counts: QualityCounts,
  { assume: _asked }: { readonly assume: 'label-shift' },
): readonly MetricValue[] {
  const { rows } = counts.scored;
  const total = rows.reduce((sum, count) => sum + count, 0);
  if (total === 0) return [];
  const prior = sumOf(reference.counts.positives) / reference.rows;
  const share = mostLikelyShare(reference.rates, rows, prior);
  const shareVariance = 1 / information(reference.rates, rows, prior, share);
  const binsAt = (positiveShare: number) => shiftedBins(reference.rates, rows, prior, positiveShare);
  const quantile = quantileFor(reference.days);
  return QUALITY_METRICS.flatMap((name) => {
    const at = (positiveShare: number) => binMetric(name, binsAt(positiveShare), reference.cut);
    const slope = (at(share + STEP) - at(share - STEP)) / (2 * STEP);
    const variance = labelVariance(name, binsAt(share), reference.cut) + slope ** 2 * shareVariance;
    const value = at(share);
    return Number.isFinite(value + variance)
      ? [{ name, value, interval: intervalAround(value, variance, quantile), rows: total }]
      : [];
  });
}

/** The share of positives among rows of these scores, by expectation–maximisation from `prior`, kept within 0.001–0.999. */
export function mostLikelyShare(rates: readonly number[], rows: Float64Array, prior: number): number {
  const total = rows.reduce((sum, count) => sum + count, 0);
  let share = prior;
  for (let round = 0; round < ROUNDS; round++) {
    const { positives } = shiftedBins(rates, rows, prior, share);
    const next = Math.min(0.999, Math.max(0.001, positives.reduce((sum, count) => sum + count, 0) / total));
    if (Math.abs(next - share) < PRECISION) return next;
    share = next;
  }
  return share;
}

function shiftedBins(rates: readonly number[], rows: Float64Array, prior: number, share: number): ScoreBins {
  const positives = rows.map((count, bin) => {
    const up = ((rates[bin] ?? 0) * share) / prior;
    const down = ((1 - (rates[bin] ?? 0)) * (1 - share)) / (1 - prior);
    return (count * up) / (up + down);
  });
  return { positives, negatives: rows.map((count, bin) => count - (positives[bin] ?? 0)) };
}

/** Observed information of the share: Σ n (r/π − (1 − r)/(1 − π))² / (mixture)². */
function information(rates: readonly number[], rows: Float64Array, prior: number, share: number): number {
  return rows.reduce((sum, count, bin) => {
    const rate = rates[bin] ?? 0;
    const mixture = (rate * share) / prior + ((1 - rate) * (1 - share)) / (1 - prior);
    return sum + count * ((rate / prior - (1 - rate) / (1 - prior)) / mixture) ** 2;
  }, 0);
}

function labelVariance(metric: QualityMetric, bins: ScoreBins, cut: number): number {
  const gradient = binGradient(metric, bins, cut);
  return gradient.reduce((sum, slope, bin) => {
    const [positives, negatives] = [bins.positives[bin] ?? 0, bins.negatives[bin] ?? 0];
    const rows = positives + negatives;
    return rows === 0 ? sum : sum + (slope ** 2 * positives * negatives) / rows;
  }, 0);
}

const sumOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);
