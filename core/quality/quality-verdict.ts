import type { MetricValue, QualityReport } from '../../contracts/quality.ts';

/** Fewer rows than this give no estimated verdict. */
const LEAST_ROWS = 200;

type Settings = QualityReport['settings'];

/** The verdict on the headline metric, what it stands on, and both in words. */
export type QualityVerdict = Pick<QualityReport, 'verdict' | 'basis' | 'message'>;

/**
 * Realised when enough mature labels are there, else estimated. `worse` only when the metric's whole interval lies more than the margin
 * below the reference's value.
 * @param realised metrics of mature labels only
 */
export function qualityVerdict(
  reference: readonly MetricValue[],
  realised: readonly MetricValue[],
  estimated: readonly MetricValue[],
  settings: Settings,
): QualityVerdict {
  const { metric, margin, minimumLabels } = settings;
  const named = (metrics: readonly MetricValue[]) => metrics.find(({ name }) => name === metric);
  const before = named(reference);
  const [seen, expected] = [named(realised), named(estimated)];
  const labels = Math.max(0, ...realised.map(({ rows }) => rows));
  if (seen === undefined && labels >= minimumLabels)
    return {
      verdict: 'too-little-data',
      basis: 'none',
      message: `${labels} mature labels leave ${metric} undefined: one class, or every predicted positive, is absent among them`,
    };
  const basis =
    seen && seen.rows >= minimumLabels ? 'realised' : expected && expected.rows >= LEAST_ROWS ? 'estimated' : 'none';
  const now = basis === 'realised' ? seen : expected;
  if (basis === 'none' || now === undefined || before === undefined)
    return {
      verdict: 'too-little-data',
      basis: 'none',
      message: `${labels} mature labels and ${expected?.rows ?? 0} rows are too few to judge ${metric} (${minimumLabels} labels or ${LEAST_ROWS} rows are needed)`,
    };
  const worse = now.interval[1] < before.value - margin;
  const found = `${basis} ${metric} ${digits(now.value)} (95 %: ${digits(now.interval[0])} to ${digits(now.interval[1])}, ${now.rows} ${basis === 'realised' ? 'labels' : 'rows'}), ${digits(before.value)} in the reference`;
  return worse
    ? { verdict: 'worse', basis, message: `${found}: surely more than ${margin} below it` }
    : { verdict: 'fine', basis, message: found };
}

const digits = (value: number) => value.toFixed(3);
