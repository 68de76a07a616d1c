import type { ConceptDrift, QualityMetric } from '../../contracts/quality.ts';
import type { QualityReference } from '../../contracts/quality-reference.ts';
import { conceptDriftMessage } from './concept-drift-message.ts';
import { fallingCusum } from './cusum.ts';
import { independenceOf } from './estimate.ts';
import { whereWrong } from './evidence.ts';
import { quantileFor } from './metric-interval.ts';
import { normalEquivalent } from './normal-equivalent.ts';
import { mergeQualityCounts, type QualityCounts } from './quality-counts.ts';
import { type QualityGap, qualityGap } from './quality-gap.ts';
import { realisedSteps } from './realised-steps.ts';
import { supportOf } from './support.ts';

/** The counts of one UTC day whose labels are mature. */
export interface DayCounts {
  /** Days since 1970. */
  readonly day: number;
  readonly counts: QualityCounts;
}

export interface ConceptDriftSettings {
  readonly metric: QualityMetric;
  /** A fall of less than this is no alarm, however certain. */
  readonly margin: number;
  readonly minimumLabels: number;
}

const WEEK_DAYS = 7;
/** Standard errors below which the week's gap alarms. */
export const GAP_LIMIT = 3.4;
/** CUSUM above which it alarms. */
export const CUSUM_LIMIT = 6.2;
/** Effective share of the reference below which nothing can be told apart. */
export const LEAST_SUPPORT = 0.15;
/** Standard errors of calibration that the CUSUM forgives: all days share that error, so it would add up. */
const FORGIVEN = 1;

/**
 * Whether quality realised over the last seven days lies below what their inputs allow for, with the CUSUM over all days given. Only
 * days whose labels are mature may be given: early labels are not like the rest.
 */
export function assessConceptDrift(
  reference: QualityReference,
  days: readonly DayCounts[],
  settings: ConceptDriftSettings,
): ConceptDrift {
  const ordered = days
    .filter(({ counts }) => counts.labelled.rows.some((rows) => rows > 0))
    .toSorted((a, b) => a.day - b.day);
  const last = ordered.at(-1)?.day ?? 0;
  const week = ordered
    .filter(({ day }) => day > last - WEEK_DAYS)
    .map(({ counts }) => counts)
    .reduce<QualityCounts | undefined>(
      (sum, counts) => (sum === undefined ? counts : mergeQualityCounts(sum, counts)),
      undefined,
    );
  const measured = week === undefined ? undefined : qualityGap(reference, week, settings.metric);
  const base = { metric: settings.metric, independent: independenceOf(reference), labels: measured?.labels ?? 0 };
  if (
    week === undefined ||
    measured === undefined ||
    !Number.isFinite(measured.gap) ||
    measured.labels < settings.minimumLabels
  )
    return tooLittle(base, settings);
  const { own, shared, degrees } = errorsOf(reference, measured, Math.max(1, week.days.size), settings.metric);
  const error = Math.hypot(own, shared);
  const cusum = cusumOf(reference, ordered, settings.metric);
  const support = supportOf(reference, week.labelled);
  const z = normalEquivalent(measured.gap / error, degrees);
  const alarm = (z < -GAP_LIMIT || cusum > CUSUM_LIMIT) && measured.gap <= -settings.margin;
  const verdict = support < LEAST_SUPPORT ? 'cannot-separate' : alarm ? 'concept-drift' : 'none';
  const half = quantileFor(reference.days) * error;
  const result = {
    ...base,
    verdict,
    gap: measured.gap,
    interval: [measured.gap - half, measured.gap + half],
    z,
    cusum,
    support,
    evidence: verdict === 'none' ? [] : [...whereWrong(reference, week.labelled)],
  } satisfies Omit<ConceptDrift, 'message'>;
  return { ...result, message: conceptDriftMessage(result, settings) };
}

/**
 * Standard errors of a gap: its own, and the one it shares with all windows of the reference, with the degrees of freedom of both together. Where days depend on the day before,
 * its own is widened by √((1 + ρ) / (1 − ρ)), so that sums of days are judged as if they were independent.
 */
function errorsOf({ days }: QualityReference, { variance }: QualityGap, dayCount: number, metric: QualityMetric) {
  const rho = days?.metrics[metric].autocorrelation ?? 0;
  const widened = (1 + rho) / (1 - rho);
  const own = (variance.sampling + variance.day / dayCount) * widened;
  const shared = variance.calibration + variance.referenceDays;
  const ofDays = (variance.day / dayCount) * widened + variance.referenceDays;
  return {
    own: Math.sqrt(own),
    shared: Math.sqrt(shared),
    // Satterthwaite (1946): only the part that days make up is known from as few values as there are days.
    degrees:
      days === null || ofDays === 0 ? Number.POSITIVE_INFINITY : (days.count - 1) * ((own + shared) / ofDays) ** 2,
  };
}

function cusumOf(reference: QualityReference, days: readonly DayCounts[], metric: QualityMetric): number {
  const zs = realisedSteps(days.map(({ counts }) => counts)).map((step) => {
    const gap = qualityGap(reference, step, metric);
    const { own, shared, degrees } = errorsOf(reference, gap, Math.max(1, step.days.size), metric);
    return normalEquivalent((gap.gap + FORGIVEN * shared) / own, degrees);
  });
  return fallingCusum(zs.filter((z) => Number.isFinite(z)));
}

function tooLittle(
  base: Pick<ConceptDrift, 'metric' | 'independent' | 'labels'>,
  settings: ConceptDriftSettings,
): ConceptDrift {
  const result = {
    ...base,
    verdict: 'too-little-data' as const,
    gap: null,
    interval: null,
    z: null,
    cusum: null,
    support: null,
  };
  return { ...result, evidence: [], message: conceptDriftMessage({ ...result, evidence: [] }, settings) };
}
