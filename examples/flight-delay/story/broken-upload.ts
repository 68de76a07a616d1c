import { FileReportSchema, type Finding } from '../../../contracts/findings.ts';
import type { Stage } from '../../../contracts/scenario.ts';
import { BROKEN_ROWS, type BrokenRow } from '../data/broken-rows.ts';
import type { PreparedFlights } from '../data/prepare.ts';
import { hasRun, hoursAfter, succeeded } from './outcome.ts';

/** Uploads a file with broken rows: intake names each by row, column, value and rule, and nothing is trained on it. */
export async function brokenUpload(stage: Stage, flights: PreparedFlights): Promise<void> {
  await stage.stage('broken upload', async () => {
    const since = stage.now();
    const before = await stage.datasetVersions();
    await stage.upload(flights.broken, 'flights-broken.csv');
    await succeeded(stage, 'intake', since);
    const report = FileReportSchema.parse(await stage.newestReport('intake'));
    stage.expect(report.verdict === 'quarantined', `the broken upload got the verdict ${report.verdict}`);
    for (const broken of BROKEN_ROWS)
      stage.expect(
        report.findings.some((finding) => names(finding, broken)),
        `the report does not name row ${broken.row}, column ${broken.column}, value "${broken.value}", rule ${broken.rule}`,
      );
    stage.figure('rows quarantined', report.rows.quarantined);
    await stage.advanceTo(hoursAfter(stage.now(), 1));
    stage.expect(!(await hasRun(stage, 'training', since)), 'a broken upload started a training run');
    const after = await stage.datasetVersions();
    stage.expect(after.length === before.length, 'a broken upload became a dataset version');
    const [first] = report.findings;
    stage.note(
      `upload held back: ${first?.message ?? ''}`,
      'intake machine',
      `row ${first?.row}, column ${first?.column}`,
    );
  });
}

function names(finding: Finding, broken: BrokenRow): boolean {
  const { row, column, value, rule } = finding;
  return row === broken.row && column === broken.column && (value ?? '') === broken.value && rule === broken.rule;
}
