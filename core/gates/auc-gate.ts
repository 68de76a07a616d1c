import type { Gate } from '../../contracts/gates.ts';
import { areaUnderCurve, hasBothClasses } from '../quality/area-under-curve.ts';
import { bootstrapAuc } from '../quality/bootstrap.ts';
import { candidateScores, type GateEvidence } from './evidence.ts';
import { metric, range, roundedUp } from './wording.ts';

/**
 * The lower end of the AUC's bootstrap interval must reach the minimum. A candidate whose AUC is above the minimum but not surely
 * so has not enough evidence, and is told how many test rows would decide.
 */
export function aucGate(evidence: GateEvidence): Gate {
  const scored = candidateScores(evidence);
  const { minimumAuc } = evidence.settings;
  if (!hasBothClasses(scored))
    return {
      name: 'auc',
      verdict: 'not-enough-evidence',
      reason: `the test set holds ${scored.labels.length} rows of one class only, so there is no AUC; test on data with both`,
      threshold: minimumAuc,
    };
  const { value } = areaUnderCurve(scored);
  const { interval, independent } = bootstrapAuc(scored, evidence.days, evidence.seed);
  const found = `AUC ${metric(value)}, 95 % interval ${range(interval)} (independent ${independent})`;
  const given = { name: 'auc' as const, value, interval, threshold: minimumAuc };
  if (interval[0] >= minimumAuc) return { ...given, verdict: 'pass', reason: `${found}, reaches ${minimumAuc}` };
  if (value <= minimumAuc) return { ...given, verdict: 'fail', reason: `${found}, does not reach ${minimumAuc}` };
  const rows = scored.labels.length * ((value - interval[0]) / (value - minimumAuc)) ** 2;
  const reason = `${found}: its lower end does not reach ${minimumAuc}; about ${roundedUp(rows)} test rows would decide`;
  return { ...given, verdict: 'not-enough-evidence', reason };
}
