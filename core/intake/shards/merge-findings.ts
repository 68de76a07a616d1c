import type { Finding } from '../../../contracts/findings.ts';
import type { ShardOutcome } from '../../../contracts/large-upload.ts';
import type { Findings } from '../findings.ts';

/** The shards up to the one behind which nothing could be read, as a reader of the whole would have stopped there. */
export function readShards<S extends { readonly outcome: Pick<ShardOutcome, 'stopped'> }>(
  shards: readonly S[],
): readonly S[] {
  const stop = shards.findIndex(({ outcome }) => outcome.stopped);
  return stop === -1 ? shards : shards.slice(0, stop + 1);
}

/**
 * Adds what the shards found, in the order of the upload, as reading it as a whole would have: rows counted from the upload's first, and
 * what concerns the columns said once. A column is missing when every shard with rows lacks it.
 */
export function mergeFindings(outcomes: readonly ShardOutcome[], findings: Findings): void {
  const said = new Set<string>();
  const last: Finding[] = [];
  let before = 0;
  for (const { rows, findings: own, findingsTotal } of outcomes) {
    const firstRow = own.findIndex(({ row }) => row !== null);
    for (const [index, finding] of own.entries()) {
      if (finding.row !== null) {
        findings.add({ ...finding, row: finding.row + before });
        continue;
      }
      const subject = JSON.stringify([finding.rule, finding.column, finding.message]);
      if (said.has(subject)) continue;
      said.add(subject);
      if (finding.rule !== 'missing-column') findings.add(finding);
      else if (!isMissingEverywhere(finding, outcomes)) continue;
      // Said of a header before any row, and behind all rows where none had the column.
      else if (firstRow === -1 || index < firstRow) findings.add(finding);
      else last.push(finding);
    }
    // Those that the shard did not keep concern single rows, and refuse nothing: one that does is always kept.
    findings.countHarmless(findingsTotal - own.length);
    before += rows;
  }
  for (const finding of last) findings.add(finding);
}

function isMissingEverywhere({ column }: Finding, outcomes: readonly ShardOutcome[]): boolean {
  return outcomes
    .filter(({ rows }) => rows > 0)
    .every(({ findings }) => findings.some((other) => other.rule === 'missing-column' && other.column === column));
}
