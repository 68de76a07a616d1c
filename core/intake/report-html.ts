import type { FileReport, VERDICTS } from '../../contracts/findings.ts';
import { badge, page, section } from '../report/page.ts';
import { table } from '../report/table.ts';

const TONES = { accepted: 'good', quarantined: 'unsure', rejected: 'bad' } as const satisfies Record<
  (typeof VERDICTS)[number],
  string
>;

/** The report of one file as a page; nothing that comes from the file is live. */
export function reportHtml(report: FileReport, summary: string): string {
  const { file, verdict, rows, findings, findingsTotal } = report;
  const unlisted = findingsTotal - findings.length;
  return page(
    `Intake of ${file}`,
    [badge(verdict, TONES[verdict]), ` ${summary}`],
    table(
      'Rows',
      ['read', 'accepted', 'quarantined'].map((heading) => ({ heading, number: true })),
      [[String(rows.read), String(rows.accepted), String(rows.quarantined)]],
    ),
    section(
      'Findings',
      findings.length === 0
        ? 'None.'
        : table(
            unlisted > 0 ? `${unlisted} more were counted and are not listed` : 'All that was found',
            [
              { heading: 'severity' },
              { heading: 'rule' },
              { heading: 'row', number: true },
              { heading: 'column' },
              { heading: 'value' },
              { heading: 'what is wrong' },
            ],
            findings.map(({ severity, rule, row, column, value, message }) => [
              severity,
              rule,
              row === null ? undefined : String(row),
              column ?? undefined,
              value ?? undefined,
              message,
            ]),
          ),
    ),
  );
}
