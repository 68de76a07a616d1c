import type { Gate } from '../../contracts/gates.ts';
import { additivityError } from '../quality/additivity.ts';
import type { GateEvidence } from './evidence.ts';

/** Largest difference allowed between base + Σ contributions and the score's log-odds. */
const TOLERANCE = 1e-5;

/** Every answer must carry one contribution per feature, and these must add up to the score. `value` is the largest error. */
export function explanationsGate({ candidate, golden, featureCount }: GateEvidence): Gate {
  const lines = [...candidate, ...golden];
  const given = { name: 'explanations' as const, threshold: TOLERANCE };
  const incomplete = lines.findIndex(({ shap }) => shap.length !== featureCount);
  if (incomplete >= 0) {
    const got = lines[incomplete]?.shap.length;
    const reason = `row ${incomplete + 1} has ${got} contributions, the model has ${featureCount} features`;
    return { ...given, verdict: 'fail', reason };
  }
  const errors = lines.map(({ score, base_value, shap }) => additivityError(score, base_value, shap));
  const largest = errors.reduce((most, error) => Math.max(most, error), 0);
  const row = errors.indexOf(largest) + 1;
  // JSON knows no infinity.
  const measured = { ...given, ...(Number.isFinite(largest) ? { value: largest } : {}) };
  return largest <= TOLERANCE
    ? { ...measured, verdict: 'pass', reason: `contributions of all ${lines.length} rows add up to their scores` }
    : {
        ...measured,
        verdict: 'fail',
        reason: `contributions of row ${row} miss its log-odds by ${largest.toExponential(1)}`,
      };
}
