import type { Finding } from '../../contracts/findings.ts';
import type { ValidatedFile } from '../../core/intake/validate-file.ts';
import { inertText } from '../inert-text.ts';

const SHOWN_FINDINGS = 20;

/** One file's report for people: the verdict, the counts, and the first findings. */
export function reportText({ report, heldBack }: Pick<ValidatedFile, 'report' | 'heldBack'>): string {
  const { rows, findings, findingsTotal } = report;
  const shown = findings.slice(0, SHOWN_FINDINGS);
  const more = findingsTotal - shown.length;
  return [
    `${inertText(report.file)}: ${report.verdict} (rows: ${rows.read} read, ${rows.accepted} accepted, ${rows.quarantined} quarantined)`,
    ...(heldBack
      ? ['  too large a share of the rows is bad, so the whole file would be held back (maxQuarantinedShare)']
      : []),
    ...shown.map((finding) => `  ${inertText(findingText(finding))}`),
    ...(more > 0 ? [`  … and ${more} more`] : []),
    '',
  ].join('\n');
}

function findingText({ severity, rule, file, row, column, value, message }: Finding): string {
  const where = [file ?? [], row === null ? [] : [`row ${row}`], column === null ? [] : [column]].flat().join(', ');
  const got = value === null ? '' : ` (got ${JSON.stringify(value)})`;
  return `${severity} ${rule}: ${where === '' ? '' : `${where}: `}${message}${got}`;
}
