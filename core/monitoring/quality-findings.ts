import type { Judgement, WindowFinding, WindowFindings } from '../../contracts/monitoring-steps.ts';
import type { MetricValue, QualityReport } from '../../contracts/quality.ts';

/** What a quality report says against the model. What could not be judged stands as it stood in the window before. */
export function qualityFindings(
  report: QualityReport | null,
  before: WindowFindings | undefined,
): Omit<WindowFindings, 'drift'> {
  const kept = (finding: WindowFinding) => before?.[finding] ?? false;
  const fairness = report?.fairness.filter(({ verdict }) => verdict !== 'too-little-data') ?? [];
  const business = report?.business.filter(({ verdict }) => verdict !== 'cannot-tell') ?? [];
  const concept = report?.conceptDrift.verdict ?? 'too-little-data';
  return {
    quality: report === null || report.verdict === 'too-little-data' ? kept('quality') : report.verdict === 'worse',
    conceptDrift: concept === 'too-little-data' ? kept('conceptDrift') : concept === 'concept-drift',
    fairness: fairness.length === 0 ? kept('fairness') : fairness.some(({ verdict }) => verdict === 'gap'),
    business: business.length === 0 ? kept('business') : business.some(({ verdict }) => verdict === 'missed'),
  };
}

/** The metric that the verdict stands on; undefined when there is neither a label nor an estimate. */
export function headlineOf({ basis, realised, estimated, settings }: QualityReport): MetricValue | undefined {
  if (basis === 'none') return undefined;
  return (basis === 'realised' ? realised : estimated).find(({ name }) => name === settings.metric);
}

/** The parts of a quality report that a lineage record keeps. */
export function qualityShort(
  report: QualityReport,
): Pick<Judgement, 'quality' | 'conceptDrift' | 'fairness' | 'business'> {
  const { verdict, basis, message, settings, conceptDrift } = report;
  const headline = headlineOf(report);
  return {
    quality: {
      verdict,
      basis,
      message,
      metric: settings.metric,
      value: headline?.value ?? null,
      interval: headline?.interval ?? null,
    },
    conceptDrift: {
      verdict: conceptDrift.verdict,
      gap: conceptDrift.gap,
      z: conceptDrift.z,
      message: conceptDrift.message,
      evidence: conceptDrift.evidence,
    },
    fairness: report.fairness.map(({ column, measure, gap, verdict: judged }) => ({
      column,
      measure,
      gap,
      verdict: judged,
    })),
    business: report.business.map(({ name, value, unit, verdict: judged }) => ({ name, value, unit, verdict: judged })),
  };
}

/** What each finding of a quality report rests on, in plain words. */
export function qualityReasons(report: QualityReport | null): Readonly<Partial<Record<WindowFinding, string>>> {
  if (report === null) return {};
  const gaps = report.fairness.filter(({ verdict }) => verdict === 'gap').map(({ message }) => message);
  const missed = report.business
    .filter(({ verdict }) => verdict === 'missed')
    .map(({ name, value, unit, interval, target }) => {
      const asked = [
        ...(target?.atLeast === undefined ? [] : [`at least ${target.atLeast}`]),
        ...(target?.atMost === undefined ? [] : [`at most ${target.atMost}`]),
      ].join(' and ');
      return `${name} is ${shown(value)} ${unit} a row (95 %: ${interval.map(shown).join(' to ')}), asked: ${asked}`;
    });
  const { message, evidence } = report.conceptDrift;
  return {
    quality: report.message,
    conceptDrift: [`${message}; a person should review features and architecture`, ...evidence.slice(0, 3)].join('; '),
    ...(gaps.length === 0 ? {} : { fairness: gaps.join('; ') }),
    ...(missed.length === 0 ? {} : { business: missed.join('; ') }),
  };
}

const shown = (value: number) => String(Number(value.toPrecision(4)));
