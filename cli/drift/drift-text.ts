import type { DriftReport } from '../../contracts/profile.ts';
import { summarise } from '../../core/drift/compare-profiles.ts';

/** A drift report for people: the verdict, then every feature, the strongest first. */
export function driftText(report: DriftReport): string {
  return [
    `${report.verdict}: ${summarise(report)}`,
    `compared: ${report.baseline.rows} rows of the reference, ${report.window.rows} rows now`,
    ...report.features.map(
      (feature) => `  ${feature.drifted ? 'DRIFT' : '  ok '} ${String(feature.rank).padStart(3)}. ${feature.message}`,
    ),
    '',
  ].join('\n');
}
