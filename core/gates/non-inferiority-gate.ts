import type { Gate } from '../../contracts/gates.ts';
import { hasBothClasses, pairedDifference } from '../quality/area-under-curve.ts';
import { candidateScores, type GateEvidence } from './evidence.ts';
import { metric, range, roundedUp } from './wording.ts';

/** One-sided 5 % point of the normal distribution. */
const ONE_SIDED = 1.6448536269514722;
/** 5 % error and 90 % power: 1.645 + 1.282. */
const ERROR_PLUS_POWER = 2.9264051789;

/**
 * The candidate may be worse than the champion by less than the margin: paired DeLong on the same rows, one-sided at 5 %. Fails only
 * when it is surely worse than that; in between there is not enough evidence, and the reason says how many rows would decide for
 * an equal model with 90 % power.
 */
export function nonInferiorityGate(evidence: GateEvidence): Gate {
  const { champion, labels } = evidence;
  const margin = evidence.settings.nonInferiorityMargin;
  const given = { name: 'non-inferiority' as const, threshold: -margin };
  if (champion === null)
    return { ...given, verdict: 'not-applicable', reason: 'no model serves yet, so there is none to compare with' };
  const scored = candidateScores(evidence);
  if (!hasBothClasses(scored))
    return {
      ...given,
      verdict: 'not-enough-evidence',
      reason: 'the test set holds one class only; test on data with both',
    };
  const { value, standardError } = pairedDifference(
    scored,
    champion.map(({ score }) => score),
  );
  const interval: [number, number] = [value - ONE_SIDED * standardError, value + ONE_SIDED * standardError];
  const found = `AUC differs from the champion's by ${metric(value)}, 90 % interval ${range(interval)}`;
  const measured = { ...given, value, interval };
  if (interval[0] > -margin) return { ...measured, verdict: 'pass', reason: `${found}, better than −${margin}` };
  if (interval[1] < -margin) return { ...measured, verdict: 'fail', reason: `${found}, worse than −${margin}` };
  const rows = roundedUp(labels.length * ((ERROR_PLUS_POWER * standardError) / margin) ** 2);
  const reason = `${found}, on both sides of −${margin}; about ${rows} test rows would decide for an equal model`;
  return { ...measured, verdict: 'not-enough-evidence', reason };
}
