import type { ConceptDrift, QualityMetric } from '../../contracts/quality.ts';
import type { QualityReference } from '../../contracts/quality-reference.ts';
import { conceptDriftMessage } from './concept-drift-message.ts';
import { fallingCusum } from './cusum.ts';
import { withDays } from './day-part.ts';
import { runInflation } from './day-variance.ts';
import { daySpread, independenceOf } from './estimate.ts';
import { whereWrong } from './evidence.ts';
import { halfWidth } from './metric-interval.ts';
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
  const known = withDays(
    measured.variance.sampling + measured.variance.calibration,
    daySpread(reference, settings.metric),
    Math.max(1, week.days.size),
  );
  const cusum = cusumOf(reference, ordered, settings.metric);
  const support = supportOf(reference, week.labelled);
  const z = normalEquivalent(measured.gap / Math.sqrt(known.variance), known.degrees);
  const alarm = (z < -GAP_LIMIT || cusum > CUSUM_LIMIT) && measured.gap <= -settings.margin;
  const verdict = support < LEAST_SUPPORT ? 'cannot-separate' : alarm ? 'concept-drift' : 'none';
  const half = halfWidth(known);
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

/** Standard errors of one step of the CUSUM: its own, and the one it shares with all of the reference. */
interface StepErrors {
  readonly own: number;
  readonly shared: number;
  readonly degrees: number;
}

/**
 * Errors of a step of `dayCount` days. Steps are summed up, so each is widened by √((1 + ρ) / (1 − ρ)), the long run's inflation, where days
 * depend on the day before. Days that happened to be alike, or to alternate, are no reason to be surer here: an excess of every step adds up.
 */
function stepErrors(
  reference: QualityReference,
  { variance }: QualityGap,
  dayCount: number,
  metric: QualityMetric,
): StepErrors {
  const spread = daySpread(reference, metric);
  if (spread === null)
    return {
      own: Math.sqrt(variance.sampling),
      shared: Math.sqrt(variance.calibration),
      degrees: Number.POSITIVE_INFINITY,
    };
  const [rho, residual] = [Math.max(0, spread.autocorrelation), Math.max(0, spread.residual)];
  const widened = (1 + rho) / (1 - rho);
  const own = (variance.sampling + residual / dayCount) * widened;
  const ofReference = (residual * runInflation(spread.count, rho)) / spread.count;
  const shared = variance.calibration + ofReference;
  const ofDays = (residual / dayCount) * widened + ofReference;
  return {
    own: Math.sqrt(own),
    shared: Math.sqrt(shared),
    // Satterthwaite (1946): only the part that days make up is known from as few values as there are days.
    degrees: ofDays === 0 ? Number.POSITIVE_INFINITY : (spread.count - 1) * ((own + shared) / ofDays) ** 2,
  };
}

function cusumOf(reference: QualityReference, days: readonly DayCounts[], metric: QualityMetric): number {
  const zs = realisedSteps(days.map(({ counts }) => counts)).map((step) => {
    const gap = qualityGap(reference, step, metric);
    const { own, shared, degrees } = stepErrors(reference, gap, Math.max(1, step.days.size), metric);
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
