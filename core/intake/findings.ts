import type { DataSchema } from '../../contracts/data-schema.ts';
import { type Finding, RULES, type Rule, type Severity } from '../../contracts/findings.ts';

export const MOST_FINDINGS = 1000;

/** What is known of a finding before its severity is looked up. */
export interface Observation {
  readonly rule: Rule;
  readonly row: number | null;
  readonly column: string | null;
  readonly value: string | null;
  readonly message: string;
  /** Left out: the severity of the rule. */
  readonly severity?: Severity;
}

/** Findings of one file: the first thousand are kept, all are counted. */
export interface Findings {
  readonly kept: readonly Finding[];
  total(): number;
  /** Was anything found that refuses the whole file? */
  rejected(): boolean;
  severityOf(rule: Rule): Severity;
  add(observation: Observation): Finding;
  /** Counts findings that are not listed one by one. */
  count(rule: Rule, times: number): void;
  /** Counts findings of other readers that are not listed and refuse nothing. */
  countHarmless(times: number): void;
}

/** An empty collection of findings, with the severities a schema asks for; it keeps at most `most` of them. */
export function collectFindings(severities: DataSchema['severities'] = {}, most = MOST_FINDINGS): Findings {
  const asked: Partial<Readonly<Record<Rule, Severity | undefined>>> = severities;
  const severityOf = (rule: Rule): Severity => asked[rule] ?? RULES[rule];
  const kept: Finding[] = [];
  let total = 0;
  let rejected = false;
  return {
    kept,
    total: () => total,
    rejected: () => rejected,
    severityOf,
    countHarmless: (times) => {
      total += times;
    },
    count: (rule, times) => {
      total += times;
      if (times > 0 && severityOf(rule) === 'reject') rejected = true;
    },
    add: ({ rule, row, column, value, message, severity = severityOf(rule) }) => {
      const finding: Finding = { rule, severity, row, column, value, message };
      total++;
      if (severity === 'reject') rejected = true;
      if (kept.length < most) kept.push(finding);
      else if (severity === 'reject' || row === null) {
        // What concerns the whole file must be seen however many rows were spoken of before it.
        const place = kept.findLastIndex((other) => other.severity !== 'reject' && other.row !== null);
        if (place !== -1) {
          kept.splice(place, 1);
          kept.push(finding);
        } else if (severity === 'reject') kept[kept.length - 1] = finding;
      }
      return finding;
    },
  };
}
