import type { FileReport, Finding } from '../../../contracts/findings.ts';
import { MOST_FINDINGS } from '../findings.ts';
import type { JudgedFile, ReadFile } from './judged-file.ts';

/** A file that was read, and how many of its rows repeat what must be unique. */
type CountedFile = ReadFile & { readonly repeats: number };

/**
 * The report of a folder from what was found in its files and in all of them together, what concerns the whole upload first; and the
 * reports of its files.
 */
export function folderReport(
  folder: string,
  judged: FileReport,
  files: readonly CountedFile[],
  whole: readonly Finding[],
): { readonly report: FileReport; readonly files: readonly JudgedFile[] } {
  const ofFile = Map.groupBy(
    whole.filter(({ file }) => file !== undefined),
    ({ file }) => file,
  );
  const reported = files.map((file) => judgedFile(file, ofFile.get(file.key) ?? []));
  const listed = [
    ...whole,
    ...files.flatMap(({ key, findings }) => findings.kept.map((finding) => ({ ...finding, file: key }))),
  ];
  return {
    files: reported,
    report: {
      ...judged,
      file: folder,
      findingsTotal: judged.findingsTotal + files.reduce((sum, { findings }) => sum + findings.total(), 0),
      findings: listed.sort((a, b) => weight(a) - weight(b)).slice(0, MOST_FINDINGS),
      files: reported.map(({ report: { file, verdict, rows, findingsTotal } }) => ({
        file,
        verdict,
        rows,
        findingsTotal,
      })),
    },
  };
}

/** What refuses an upload, and what concerns it as a whole, is seen however many rows are spoken of. */
const weight = ({ severity, file }: Finding) => (severity === 'reject' ? 0 : file === undefined ? 1 : 2);

function judgedFile({ key, bytes, sha256, findings, ...file }: CountedFile, more: readonly Finding[]): JudgedFile {
  const quarantined = file.setAside + file.repeats;
  const refused = findings.rejected() || (file.rows > 0 && file.setAside === file.rows);
  const own = more.map(({ file: _, ...finding }) => finding);
  return {
    key,
    bytes,
    sha256,
    report: {
      file: key,
      verdict: refused ? 'rejected' : quarantined > 0 ? 'quarantined' : 'accepted',
      rows: { read: file.rows, accepted: refused ? 0 : file.rows - quarantined, quarantined },
      findingsTotal: findings.total() + own.length,
      findings: [...findings.kept, ...own].slice(0, MOST_FINDINGS),
    },
  };
}
