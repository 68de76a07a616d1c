import type { ModelConfig } from '../../contracts/model-config.ts';
import type { ScoredLine } from '../../contracts/serving.ts';
import type { Scored } from '../quality/placements.ts';

/** All that is known of a candidate when its gates are decided. */
export interface GateEvidence {
  readonly settings: ModelConfig['gates'];
  /** 0 or 1 per test row. */
  readonly labels: readonly number[];
  /** The UTC day of each test row, or NaN where a row has no time. */
  readonly days: readonly number[];
  /** The candidate's answers to the test rows, in their order. */
  readonly candidate: readonly ScoredLine[];
  /** The candidate's answers to the golden rows, in the config's order. */
  readonly golden: readonly ScoredLine[];
  /** The champion's answers to the same test rows; null when no model serves yet. */
  readonly champion: readonly ScoredLine[] | null;
  readonly featureCount: number;
  readonly seed: number;
}

/** Scores and labels of the candidate's test rows. */
export function candidateScores({ candidate, labels }: GateEvidence): Scored {
  return { scores: candidate.map(({ score }) => score), labels };
}
