import { qValues } from './benjamini-hochberg.ts';
import type { CorrelationChange } from './correlation-change.ts';
import type { JointChanges } from './joint-changes.ts';
import { simes } from './simes.ts';
import type { AspectTest } from './test-feature.ts';

/** Q-values of everything that was tested of a window. */
export interface Family {
  readonly ofTest: (test: AspectTest) => number;
  readonly ofPair: (pair: CorrelationChange) => number;
  readonly ofReconstruction: number;
}

/**
 * Corrects all tests of a window together (Benjamini–Hochberg): every test of every feature, the reconstruction error, and one
 * p-value for all pairs (Simes), so that hundreds of pairs do not drown the features. A pair's q-value is at least that of all pairs
 * and at least its own among them (Benjamini & Bogomolov 2014).
 */
export function correctedTogether(
  tests: readonly AspectTest[],
  { correlations, reconstruction }: JointChanges,
): Family {
  const ofPairs = correlations.map(({ pValue }) => pValue);
  const ofAll = reconstruction === undefined ? [] : [reconstruction.pValue];
  const corrected = qValues([...tests.map(({ pValue }) => pValue), ...ofAll, simes(ofPairs)]);
  const qOfTests = new Map(tests.map((test, i) => [test, corrected[i] ?? 1]));
  const ofReconstruction = reconstruction === undefined ? 1 : (corrected[tests.length] ?? 1);
  const ofAllPairs = corrected.at(-1) ?? 1;
  const within = qValues(ofPairs);
  const qOfPairs = new Map(correlations.map((pair, i) => [pair, Math.max(ofAllPairs, within[i] ?? 1)]));
  return {
    ofTest: (test) => qOfTests.get(test) ?? 1,
    ofPair: (pair) => qOfPairs.get(pair) ?? 1,
    ofReconstruction,
  };
}
