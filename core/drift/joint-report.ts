import type { CorrelationReport, MultivariateReport } from '../../contracts/profile.ts';
import { CORRELATION_FLOOR, type CorrelationChange } from './correlation-change.ts';
import type { Family } from './family.ts';
import type { JointChanges } from './joint-changes.ts';
import { whyNotDrifted } from './judge-feature.ts';
import { percent } from './message.ts';
import { RECONSTRUCTION_FLOOR, type ReconstructionChange } from './reconstruction-change.ts';
import { type DriftSettings, falseDiscoveryRate } from './settings.ts';

/** Pairs a report names beside those that drifted. */
const SHOWN_PAIRS = 10;

/** Verdicts on the pairs that drifted and on the few that changed most besides, the foremost first. */
export function correlationReports(
  { correlations }: JointChanges,
  family: Family,
  settings: DriftSettings,
  enough: boolean,
): CorrelationReport[] {
  const judged = correlations.map((pair) => judgePair(pair, family.ofPair(pair), settings, enough));
  const foremost = judged.toSorted(
    (a, b) => Number(b.drifted) - Number(a.drifted) || a.pValue - b.pValue || b.effect.value - a.effect.value,
  );
  return foremost.filter(({ drifted }, index) => drifted || index < SHOWN_PAIRS);
}

function judgePair(
  pair: CorrelationChange,
  qValue: number,
  settings: DriftSettings,
  enough: boolean,
): CorrelationReport {
  const { features, baseline, window, pValue, effect, interval } = pair;
  const threshold = { qValue: falseDiscoveryRate(settings), effect: CORRELATION_FLOOR };
  const drifted = enough && qValue <= threshold.qValue && effect >= threshold.effect;
  const [from, to] = [baseline.toFixed(2), window.toFixed(2)];
  const change =
    from === to
      ? `correlation of ${features[0]} and ${features[1]} stayed at ${from}`
      : `correlation of ${features[0]} and ${features[1]} ${window > baseline ? 'rose' : 'fell'} from ${from} to ${to}`;
  return {
    features: [features[0], features[1]],
    drifted,
    pValue,
    qValue,
    baseline,
    window,
    threshold,
    effect: { statistic: 'cohens-q', value: effect, interval: [interval[0], interval[1]] },
    message: drifted ? change : `${change}; ${whyNotDrifted(qValue, effect, threshold.effect, settings)}`,
  };
}

/** The verdict on all numeric features together; null when it cannot be told. */
export function multivariateReport(
  { reconstruction }: JointChanges,
  { ofReconstruction }: Family,
  settings: DriftSettings,
  enough: boolean,
): MultivariateReport | null {
  if (reconstruction === undefined) return null;
  const { baseline, window, pValue, effect, interval, components, explained } = reconstruction;
  const threshold = { qValue: falseDiscoveryRate(settings), effect: RECONSTRUCTION_FLOOR };
  const drifted = enough && ofReconstruction <= threshold.qValue && Math.abs(effect) >= threshold.effect;
  const change = describeReconstruction(reconstruction);
  const why = whyNotDrifted(ofReconstruction, Math.abs(effect), threshold.effect, settings);
  return {
    drifted,
    pValue,
    qValue: ofReconstruction,
    baseline,
    window,
    threshold,
    effect: { statistic: 'reconstruction-error', value: effect, interval: [interval[0], interval[1]] },
    components,
    explained,
    message: drifted ? change : `${change}; ${why}`,
  };
}

function describeReconstruction({ effect, components }: ReconstructionChange): string {
  const from = `what ${components} principal ${components === 1 ? 'component' : 'components'} of the training data leave unexplained`;
  return `${from} ${effect >= 0 ? 'rose' : 'fell'} by ${percent(Math.abs(effect))}: together, the numeric features fit its pattern ${effect >= 0 ? 'worse' : 'better'}`;
}
