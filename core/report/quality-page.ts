import type { QualityReport } from '../../contracts/quality.ts';
import { page } from './page.ts';
import { qualitySections } from './quality-sections.ts';

/** A quality report as a page that stands alone. */
export function qualityPage(title: string, report: QualityReport): string {
  const rows = report.estimated[0]?.rows ?? 0;
  return page(
    `${title}: ${report.verdict}`,
    `${rows} rows against ${report.reference.rows} held-out ones`,
    ...qualitySections(report),
  );
}
