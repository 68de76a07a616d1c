import { z } from 'zod';
import type { LineageRecord } from '../../contracts/records.ts';

const OutcomeSchema = z.object({ outcome: z.string() });

/** The newest deployment that went live. */
export function liveDeployment(records: readonly LineageRecord[]): LineageRecord | undefined {
  return records
    .filter(
      ({ kind, detail }) =>
        kind === 'deployment' && OutcomeSchema.safeParse(JSON.parse(detail)).data?.outcome === 'live',
    )
    .toSorted((a, b) => a.at.localeCompare(b.at))
    .at(-1);
}

/**
 * The live model's ancestors as an indented tree, from its newest deployment back to the uploads; each record once.
 * @param records all lineage records of one model
 */
export function lineageLines(records: readonly LineageRecord[]): readonly string[] {
  const newest = liveDeployment(records);
  if (newest === undefined) return [];
  const bySort = new Map(records.map((record) => [record.sk, record]));
  const seen = new Set<string>();
  const lines: string[] = [];
  const visit = (sk: string, depth: number) => {
    if (seen.has(sk)) return;
    seen.add(sk);
    const record = bySort.get(sk);
    lines.push(
      `${'  '.repeat(depth)}${sk.replace('#', ' ')}${record === undefined ? ' (no record)' : `, ${record.at.slice(0, 16).replace('T', ' ')}`}`,
    );
    for (const parent of record?.parents ?? []) visit(parent, depth + 1);
  };
  visit(newest.sk, 0);
  return lines;
}
