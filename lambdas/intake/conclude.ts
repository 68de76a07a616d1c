import type { TakenIntake } from '../../contracts/intake-steps.ts';
import { intakeReportKey, quarantineKey } from '../../contracts/keys.ts';
import type { DatasetSource } from '../../contracts/records.ts';
import { reportHtml } from '../../core/intake/report-html.ts';
import { summarise } from '../../core/intake/summarise.ts';
import type { ValidatedFile } from '../../core/intake/validate-file.ts';
import type { IntakePlace, IntakeTools, TakenUpload, UploadIntake } from './intake-tools.ts';
import { registerVersion } from './register-version.ts';
import { localContent, type StorableContent } from './storable-content.ts';

/** What an upload was judged to be, by whomever. */
export interface Judged extends Pick<ValidatedFile, 'report' | 'heldBack'> {
  /** Puts the quarantine file under a key; null when no row was set aside. */
  readonly quarantine: ((key: string) => Promise<void>) | null;
  /** Null when the upload was rejected or held back. */
  readonly content: StorableContent | null;
  readonly sources: readonly DatasetSource[];
}

/** What was judged on this disk. */
export function judgedHere(
  { model }: Pick<UploadIntake, 'model'>,
  { validated, sources }: TakenUpload,
  { lake, duck }: Pick<IntakePlace, 'lake' | 'duck'>,
): Judged {
  const { report, heldBack, quarantinePath, accepted } = validated;
  return {
    report,
    heldBack,
    sources,
    quarantine: quarantinePath === null ? null : (key) => lake.putFile(key, quarantinePath, 'application/jsonlines'),
    content: accepted === null ? null : localContent(model, accepted, duck, lake),
  };
}

/**
 * Writes the reports of an upload and registers what was accepted, whichever way it was read. The record of the dataset version is
 * written last, so that a version that can be found is complete.
 */
export async function conclude(
  { model, execution }: Pick<UploadIntake, 'model' | 'execution'>,
  comparedWith: string | null,
  { report, heldBack, quarantine, content, sources }: Judged,
  tools: Pick<IntakeTools, 'lake' | 'lineage' | 'now'>,
): Promise<TakenIntake> {
  const { lake } = tools;
  const summary = `${report.file}: ${summarise({ report, heldBack })}`;
  await quarantine?.(quarantineKey(model.name, execution));
  const html = reportHtml(report, summary);
  await lake.putText(intakeReportKey(model.name, execution, 'html'), html, 'text/html; charset=utf-8');
  const reportKey = intakeReportKey(model.name, execution, 'json');
  await lake.putText(reportKey, JSON.stringify(report, null, 2), 'application/json');
  const datasetVersion =
    content === null ? null : await registerVersion({ model, execution, content, sources, comparedWith }, tools);
  return { outcome: 'taken', verdict: report.verdict, datasetVersion, rows: report.rows, reportKey, summary };
}
