import type { DriftReport, Profile } from '../../contracts/profile.ts';
import { summarise } from '../../core/drift/compare-profiles.ts';
import { distributionFigure } from '../../core/report/distribution-figure.ts';
import { page, pictures, section } from '../../core/report/page.ts';
import { table } from '../../core/report/table.ts';

const COLUMNS = [
  { heading: 'Feature' },
  { heading: 'Verdict' },
  { heading: 'Effect (JS)', number: true },
  { heading: 'q', number: true },
  { heading: 'What changed' },
];

/** A drift report as a page that stands alone: the verdict, every feature, and both distributions of each. */
export function driftPage(report: DriftReport, reference: Profile, current: Profile): string {
  const rows = report.features.map((feature) => [
    feature.name,
    feature.drifted ? 'drift' : 'ok',
    feature.effect.value.toFixed(3),
    feature.qValue.toPrecision(2),
    feature.message,
  ]);
  const figures = report.features.map(({ name, message }) => {
    const [before, now] = [reference.features[name], current.features[name]];
    return before && now && distributionFigure(name, message, before, now);
  });
  return page(
    `Drift: ${report.verdict}`,
    summarise(report),
    section(
      'Features',
      table(`${report.baseline.rows} rows of the reference, ${report.window.rows} now`, COLUMNS, rows),
    ),
    section('Distributions', pictures(...figures)),
  );
}
