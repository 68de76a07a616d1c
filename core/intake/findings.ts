import { type Finding, RULES, type Rule } from '../../contracts/findings.ts';

export const MOST_FINDINGS = 1000;

/** What is known of a finding before its severity is looked up. */
export interface Observation {
  readonly rule: Rule;
  readonly row: number | null;
  readonly column: string | null;
  readonly value: string | null;
  readonly message: string;
}

/** Findings of one file: the first thousand are kept, all are counted. */
export interface Findings {
  readonly kept: readonly Finding[];
  total(): number;
  /** Was anything found that refuses the whole file? */
  rejected(): boolean;
  add(observation: Observation): Finding;
  /** Counts findings that are not listed one by one. */
  count(rule: Rule, times: number): void;
}

/** An empty collection of findings. */
export function collectFindings(): Findings {
  const kept: Finding[] = [];
  let total = 0;
  let rejected = false;
  const count = (rule: Rule, times: number) => {
    total += times;
    if (times > 0 && RULES[rule] === 'reject') rejected = true;
  };
  return {
    kept,
    total: () => total,
    rejected: () => rejected,
    count,
    add: (observation) => {
      const { rule, row, column, value, message } = observation;
      const finding: Finding = { rule, severity: RULES[rule], row, column, value, message };
      count(rule, 1);
      if (kept.length < MOST_FINDINGS) kept.push(finding);
      // A refusal must be seen however many rows were set aside before it.
      else if (finding.severity === 'reject') kept[kept.length - 1] = finding;
      return finding;
    },
  };
}
