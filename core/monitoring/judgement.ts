import { windowReportKey } from '../../contracts/keys.ts';
import type { ModelConfig } from '../../contracts/model-config.ts';
import type { Judgement } from '../../contracts/monitoring-steps.ts';
import type { DriftReport } from '../../contracts/profile.ts';
import type { VersionReport, WindowReport } from '../../contracts/window.ts';
import { summarise } from '../drift/compare-profiles.ts';
import { isMature } from '../labels/label-arrival.ts';
import { qualityFindings, qualityShort } from './quality-findings.ts';
import type { StandingDrift } from './standing-drift.ts';

/** What drifted, by name: features, pairs of features whose correlation changed, and all of them together. */
export function driftedNames({ features, correlations, multivariate }: DriftReport): readonly string[] {
  return [
    ...features.filter(({ drifted }) => drifted).map(({ name }) => name),
    ...(correlations ?? []).filter(({ drifted }) => drifted).map((pair) => pair.features.join(' with ')),
    ...(multivariate?.drifted === true ? ['features together'] : []),
  ];
}

/** Versions beside the judged one, in words. */
const besideWords = (versions: readonly VersionReport[]): readonly string[] =>
  versions
    .filter(({ judged }) => !judged)
    .map(({ packageArn, rows, message }) => `${shortName(packageArn)} answered ${rows} rows beside it: ${message}`);

const answeredBy = (versions: readonly VersionReport[]): Pick<Judgement, 'versions'> =>
  versions.length < 2 ? {} : { versions: versions.map(({ packageArn, rows }) => ({ packageArn, rows })) };

/** `group/3` of a package's ARN; any other name as it is. */
export const shortName = (packageArn: string) =>
  packageArn.slice(packageArn.lastIndexOf(':') + 1).replace(/^model-package\//, '');

/** What is known of a window once its report is made: the detail of its lineage record. */
export function judgementOf(
  { name, monitoring }: Pick<ModelConfig, 'name' | 'monitoring'>,
  report: WindowReport,
  given: {
    readonly found: string;
    readonly standing: StandingDrift;
    readonly idsKept: boolean;
    readonly before: Judgement | undefined;
    readonly now: Date;
  },
): Judgement {
  const { drift, window, amended, quality, live, because, files } = report;
  const words = [
    `${name}, ${window.from} to ${window.to}${amended ? ' (amended)' : ''}: ${summarise(drift)}`,
    ...(report.pooled == null ? [] : [report.pooled.message]),
    ...(drift.verdict === 'drift' && monitoring.alarmAfter.of > 1 ? [given.standing.message] : []),
    ...(quality == null ? [] : [`quality: ${quality.message}`]),
    ...(quality == null || quality.labels === null ? [] : [quality.conceptDrift.message]),
    ...besideWords(report.versions ?? []),
  ];
  return {
    verdict: drift.verdict,
    rows: report.profile.rows,
    drifted: [...driftedNames(drift)],
    reportKey: windowReportKey(name, window.to, 'json'),
    summary: words.join('; '),
    window,
    packageArn: live.packageArn,
    ...answeredBy(report.versions ?? []),
    amended,
    because,
    files,
    idsKept: given.idsKept,
    found: given.found,
    mature: isMature(Date.parse(window.to), monitoring.quality.labelHorizonDays, given.now.getTime()),
    ...(quality == null ? {} : qualityShort(quality)),
    findings: { drift: given.standing.stands, ...qualityFindings(quality ?? null, given.before?.findings) },
  };
}
