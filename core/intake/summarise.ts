import type { FileReport, Finding } from '../../contracts/findings.ts';
import type { ValidatedFile } from './validate-file.ts';

/** One sentence for people who get an alert: what became of the file, and the first thing that was wrong. */
export function summarise({ report, heldBack }: Pick<ValidatedFile, 'report' | 'heldBack'>): string {
  const { read, accepted, quarantined } = report.rows;
  const outcome =
    report.verdict === 'rejected'
      ? `rejected, none of ${read} rows accepted`
      : heldBack
        ? `held back, ${quarantined} of ${read} rows are bad, more than the model allows`
        : `${accepted} of ${read} rows accepted, ${quarantined} quarantined`;
  const worst = worstFinding(report);
  return worst === undefined ? outcome : `${outcome}; first: ${describeFinding(worst)}`;
}

/** One line for a finding: rule, place, value and what is wrong. */
export function describeFinding({ rule, file, row, column, value, message }: Finding): string {
  const place = [file ?? '', row === null ? '' : `row ${row}`, column === null ? '' : `column ${column}`]
    .filter(Boolean)
    .join(', ');
  const got = value === null ? '' : ` (got ${JSON.stringify(value)})`;
  return `${rule}${place === '' ? '' : ` at ${place}`}: ${message}${got}`;
}

function worstFinding(report: FileReport): Finding | undefined {
  const first = (severity: Finding['severity']) => report.findings.find((finding) => finding.severity === severity);
  return first('reject') ?? first('quarantine');
}
