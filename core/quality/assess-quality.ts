import type { MonitoringSettings } from '../../contracts/monitoring-config.ts';
import type { BusinessValue, Fairness, QualityReport } from '../../contracts/quality.ts';
import type { QualitySetup } from '../../contracts/quality-window.ts';
import type { ReadyMetric } from '../business/business-metrics.ts';
import { businessValue, noMoments } from '../business/business-value.ts';
import { attributionDrift } from './attribution-drift.ts';
import { calibrationDays } from './calibration-days.ts';
import { calibrationDrift } from './calibration-drift.ts';
import { assessConceptDrift } from './concept-drift.ts';
import { type DayEffect, referenceBetween } from './day-effect.ts';
import { outcomesIn, referenceOutcomes } from './day-outcomes.ts';
import { judgeFairness } from './fairness.ts';
import { totalOf } from './outcome-counts.ts';
import { qualityVerdict } from './quality-verdict.ts';
import { emptyQualityWindow, mergeQualityWindows, type QualityWindow } from './quality-window.ts';
import { estimateSlice } from './slice-estimate.ts';
import { judgeSlices } from './slices.ts';
import {
  effectOf,
  isMatureWindow,
  realisedQuality,
  type WatchedWindow,
  wholeCounts,
  windowQuality,
} from './window-quality.ts';

/** What quality is judged by. */
export interface QualityRules extends Pick<MonitoringSettings, 'maximumFairnessGap'> {
  readonly quality: Pick<MonitoringSettings['quality'], 'metric' | 'margin' | 'labelHorizonDays' | 'minimumLabels'>;
  readonly business: readonly ReadyMetric[];
}

/** All that is known when quality is judged. */
export interface QualityEvidence {
  readonly setup: QualitySetup;
  readonly rules: QualityRules;
  /** The windows to judge, oldest first; one, as a rule. */
  readonly windows: readonly WatchedWindow[];
  /** Mature windows before them, which the verdict on concept drift looks back on. Left out: none. */
  readonly earlier?: readonly QualityWindow[];
  /** Epoch milliseconds; labels older than the horizon by then are mature. Infinity: all are. */
  readonly now: number;
  readonly seed: number;
}

/**
 * The quality of one or more windows: metrics realised and estimated, verdict, concept drift, slices, fairness, calibration, attributions
 * and business metrics. What labels must tell is judged on mature windows alone; without one, labels are shown and nothing is tested on them.
 */
export function assessQuality(evidence: QualityEvidence): QualityReport {
  const { setup, rules, windows, now } = evidence;
  const { reference } = setup;
  const { metric, margin, minimumLabels, labelHorizonDays } = rules.quality;
  const settings = { metric, margin, minimumLabels, labelHorizonDays };
  const isOld = (watched: WatchedWindow) => isMatureWindow(watched, labelHorizonDays, now);
  const mature = windows.filter(isOld);
  const all = joined(setup, windows);
  const whole = windowQuality(setup, all, mature.length === windows.length);
  const judged = joined(setup, mature).counts;
  const realised = realisedQuality(setup, judged);
  const effect = effectOf(setup, judged);
  return {
    ...qualityVerdict(reference.metrics, realised, whole.estimated, settings),
    threshold: reference.threshold,
    reference: { rows: reference.rows, metrics: reference.metrics },
    settings,
    realised: realised.length > 0 ? [...realised] : whole.realised,
    estimated: whole.estimated,
    labels: whole.labels,
    conceptDrift: assessConceptDrift(
      reference,
      daysOf([...(evidence.earlier ?? []), judged].reduce(mergeQualityWindows)),
      settings,
    ),
    windows: windows.length < 2 ? [] : windows.map((one) => windowQuality(setup, one, isOld(one))),
    slices: [...slicesOf(setup, rules, mature.length > 0 ? judged : withoutLabels(all.counts), effect)],
    fairness: [...fairnessOf(setup, rules, all.counts, mature.length > 0 ? judged : withoutLabels(all.counts))],
    calibration: calibrationDrift(
      referenceOutcomes(reference),
      outcomesIn(wholeCounts(setup, judged)),
      calibrationDays(
        reference,
        [...judged.days.values()].map(({ counts }) => counts),
        effect,
      ),
    ),
    attribution: attributionDrift(
      setup.attribution,
      [...all.counts.days.values()].map(({ attribution }) => attribution),
      evidence.seed,
    ),
    business: [...businessOf(rules.business, all.counts, judged)],
  };
}

function joined(setup: QualitySetup, windows: readonly WatchedWindow[]): WatchedWindow {
  const sum = (name: 'repeated' | 'contradicting' | 'unmatched') => totalOf(windows.map(({ labels }) => labels[name]));
  return {
    window: null,
    counts: windows.reduce((merged, { counts }) => mergeQualityWindows(merged, counts), emptyQualityWindow(setup)),
    labels: { repeated: sum('repeated'), contradicting: sum('contradicting'), unmatched: sum('unmatched') },
  };
}

/** Rows without time pass for one day. */
function daysOf({ days }: QualityWindow) {
  return [...days.values()].map(({ day, counts }) => ({ day: day ?? 0, counts }));
}

function withoutLabels(window: QualityWindow): QualityWindow {
  const none = (counts: readonly number[]) => counts.map(() => 0);
  return {
    ...window,
    segments: Object.fromEntries(
      Object.entries(window.segments).map(([column, counts]) => [
        column,
        counts.map((one) => ({ ...one, positives: none(one.positives), negatives: none(one.negatives) })),
      ]),
    ),
  };
}

function slicesOf(setup: QualitySetup, { quality }: QualityRules, window: QualityWindow, effect: DayEffect) {
  const { reference, segments } = setup;
  return judgeSlices(segments, window.segments, {
    metric: quality.metric,
    margin: quality.margin,
    cut: reference.cut,
    effect,
    referenceBetween: referenceBetween(reference.days, quality.metric),
    estimate: (counts) => estimateSlice(reference, counts, Math.max(1, window.days.size)),
  });
}

/** Demographic parity needs no labels and is judged on all rows, the others on rows whose labels are mature. */
function fairnessOf(
  setup: QualitySetup,
  { maximumFairnessGap }: QualityRules,
  all: QualityWindow,
  judged: QualityWindow,
): readonly Fairness[] {
  return setup.segments
    .filter(({ column }) => setup.protected.includes(column))
    .flatMap(({ column, values, reference }) => {
      const groups = ({ segments, days: windowDays }: QualityWindow) => {
        const withTime = [...windowDays.values()].filter(({ day }) => day !== null);
        return values.flatMap((name, index) => {
          const counts = segments[column]?.[index];
          if (counts === undefined) return [];
          const days = withTime.flatMap((day) => day.groups[column]?.[index] ?? []);
          const referenceDays = setup.groupDays.flatMap((groupsOf) => groupsOf[column]?.[index] ?? []);
          return [{ name, counts, reference: reference[index], days, referenceDays }];
        });
      };
      const judge = (window: QualityWindow) =>
        judgeFairness(column, groups(window), setup.reference.cut, maximumFairnessGap);
      return [
        ...judge(all).filter(({ measure }) => measure === 'demographic-parity'),
        ...judge(judged).filter(({ measure }) => measure !== 'demographic-parity'),
      ];
    });
}

/** Metrics that read labels are judged on mature rows; where there are none, they are shown without a verdict. */
function businessOf(
  business: readonly ReadyMetric[],
  all: QualityWindow,
  judged: QualityWindow,
): readonly BusinessValue[] {
  const rowsOf = ({ days }: QualityWindow) =>
    totalOf([...days.values()].map(({ counts }) => counts.scored.rows.reduce((sum, rows) => sum + rows, 0)));
  return business.flatMap(({ metric, needsLabel }) => {
    const value = (window: QualityWindow) =>
      businessValue(
        metric,
        [...window.days.values()].map((day) => day.business[metric.name] ?? noMoments()),
        rowsOf(window),
      );
    if (!needsLabel) return value(all) ?? [];
    const early = value(all);
    const untested = early && { ...early, verdict: early.target === null ? early.verdict : ('cannot-tell' as const) };
    return value(judged) ?? untested ?? [];
  });
}
