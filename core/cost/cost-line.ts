import type { CostLine } from '../../contracts/plan.ts';

/** A line of the bill: so many at so much each. */
export function costLine(what: string, quantity: number, each: number | null): CostLine {
  return { what, quantity, each, monthly: each === null ? null : quantity * each };
}

/** The sum of a bill, or null when one of its prices is not known: a partial sum would look like the whole. */
export function totalOf(lines: readonly CostLine[]): number | null {
  return lines.reduce<number | null>(
    (total, line) => (total === null || line.monthly === null ? null : total + line.monthly),
    0,
  );
}
