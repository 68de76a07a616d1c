import type { FileReport, VERDICTS } from '../../contracts/findings.ts';
import { badge, page, section } from '../report/page.ts';
import { table } from '../report/table.ts';

const TONES = { accepted: 'good', quarantined: 'unsure', rejected: 'bad' } as const satisfies Record<
  (typeof VERDICTS)[number],
  string
>;

/** The report of one file as a page; nothing that comes from the file is live. */
export function reportHtml(report: FileReport, summary: string): string {
  const { file, verdict, rows, findings, findingsTotal, files } = report;
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
              ...(files === undefined ? [] : [{ heading: 'file' }]),
              { heading: 'row', number: true },
              { heading: 'column' },
              { heading: 'value' },
              { heading: 'what is wrong' },
            ],
            findings.map(({ severity, rule, file: within, row, column, value, message }) => [
              severity,
              rule,
              ...(files === undefined ? [] : [within]),
              row === null ? undefined : String(row),
              column ?? undefined,
              value ?? undefined,
              message,
            ]),
          ),
    ),
    ...(files === undefined ? [] : [section('Files', filesTable(files))]),
  );
}

/** Files shown; those with something wrong come first. */
const MOST_FILES = 1000;

function filesTable(files: NonNullable<FileReport['files']>) {
  const sorted = files.toSorted((a, b) => Number(a.verdict === 'accepted') - Number(b.verdict === 'accepted'));
  const unlisted = files.length - MOST_FILES;
  return table(
    unlisted > 0 ? `${unlisted} more are not listed` : 'All files of the upload',
    [
      { heading: 'file' },
      { heading: 'verdict' },
      { heading: 'read', number: true },
      { heading: 'accepted', number: true },
      { heading: 'quarantined', number: true },
      { heading: 'findings', number: true },
    ],
    sorted
      .slice(0, MOST_FILES)
      .map(({ file, verdict, rows, findingsTotal }) => [
        file,
        verdict,
        ...[rows.read, rows.accepted, rows.quarantined, findingsTotal].map(String),
      ]),
  );
}
