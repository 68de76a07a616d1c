import type { FileReport } from '../contracts/findings.ts';
import type { Expected } from './hostile-file.ts';

/** What is wrong with the report of a file, or undefined when it says what it must. */
export function outcomeProblem(expected: Expected, { verdict, rows, findings }: FileReport): string | undefined {
  if (verdict !== 'rejected' && rows.accepted + rows.quarantined !== rows.read)
    return `of ${rows.read} rows ${rows.accepted} were accepted and ${rows.quarantined} quarantined`;
  if (verdict === 'rejected' && rows.accepted > 0) return 'rejected, and rows were accepted';
  switch (expected.outcome) {
    case 'report':
      return undefined;
    case 'accepted':
      return verdict === 'accepted' && rows.read === expected.rows ? undefined : `${verdict}, ${rows.read} rows`;
    case 'refused':
      return verdict === 'rejected' && findings.some(({ severity }) => severity === 'reject') ? undefined : verdict;
    case 'fault': {
      const { row, column, rule } = expected;
      const named = findings.some(
        (finding) => finding.row === row && finding.column === column && finding.rule === rule,
      );
      return named && rows.quarantined === 1 ? undefined : `${rule} in row ${row} is not named, or not alone`;
    }
    default:
      return expected satisfies never;
  }
}
