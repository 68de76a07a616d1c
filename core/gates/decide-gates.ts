import type { Gate, GateDecision } from '../../contracts/gates.ts';
import { ModelwayError } from '../../contracts/problems.ts';
import { aucGate } from './auc-gate.ts';
import type { GateEvidence } from './evidence.ts';
import { explanationsGate } from './explanations-gate.ts';
import { goldenRowsGate } from './golden-rows-gate.ts';
import { nonInferiorityGate } from './non-inferiority-gate.ts';

/** Every gate, in the order they are shown. None can be skipped. */
export const GATES = [aucGate, nonInferiorityGate, goldenRowsGate, explanationsGate] as const;

/**
 * Judges a candidate by all gates; it passes when each one passes or does not apply. Pure: the same evidence, the same decision.
 * @throws ModelwayError `scores-differ` when answers and rows do not match one to one
 */
export function decideGates(evidence: GateEvidence): GateDecision {
  checkLengths(evidence);
  const gates = GATES.map((gate) => gate(evidence));
  const refusing = gates.filter(({ verdict }) => verdict === 'fail' || verdict === 'not-enough-evidence');
  return {
    passed: refusing.length === 0,
    reason: (refusing.length === 0 ? gates.filter(({ verdict }) => verdict === 'pass') : refusing)
      .map((gate) => described(gate))
      .join('; '),
    testRows: evidence.labels.length,
    gates,
  };
}

const described = ({ name, verdict, reason }: Gate) => `${name} ${verdict}: ${reason}`;

function checkLengths({ labels, candidate, golden, champion, settings }: GateEvidence): void {
  const expected = [
    ['candidate', candidate.length, labels.length],
    ['golden rows', golden.length, settings.goldenRows.length],
    ['champion', champion?.length ?? labels.length, labels.length],
  ] as const;
  const problems = expected.flatMap(([path, got, wanted]) =>
    got === wanted
      ? []
      : [{ path, message: `answered another number of rows than the ${wanted} asked`, got: String(got) }],
  );
  if (problems.length > 0) throw new ModelwayError('scores-differ', 'modelway', problems);
}
