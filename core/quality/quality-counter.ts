import type { QualitySetup } from '../../contracts/quality-window.ts';
import type { Instance } from '../../contracts/serving.ts';
import type { ReadyMetric } from '../business/business-metrics.ts';
import { ageIndex, noArrivals } from '../labels/label-arrival.ts';
import { DAY } from '../profile/instant.ts';
import type { WatchedFeature } from '../profile/watched.ts';
import { countGroupRow, emptyGroups, type OpenGroupSums } from './group-sums.ts';
import { countOutcome } from './outcome-counts.ts';
import { addRow, emptyQualityCounts } from './quality-counts.ts';
import { emptyQualityWindow, type QualityDay, type QualityWindow } from './quality-window.ts';
import { type CodedRow, rowCoder } from './row-coder.ts';
import { segmentReader } from './segments.ts';

/** One answered row. */
export interface AnsweredRow {
  readonly instance: Instance;
  readonly score: number;
  /** When it was answered, epoch milliseconds. Left out: not known. */
  readonly at?: number | undefined;
  /** Left out: not known (yet). */
  readonly label?: 0 | 1 | undefined;
  readonly value?: number | undefined;
  /** When the label became known, epoch milliseconds. */
  readonly labelledAt?: number | undefined;
  /** Contributions in the order of the setup's `attribution.names`; rows of another length do not count as explained. */
  readonly shap?: readonly number[] | null | undefined;
}

/** An answered row whose bins are known. */
export interface CodedAnswer extends Omit<AnsweredRow, 'shap'> {
  readonly shap?: readonly number[] | Float64Array | null | undefined;
  readonly coded: CodedRow;
  /** Which value of each segment it has, in the setup's order. */
  readonly slices: ArrayLike<number>;
}

/** Counts rows one by one into a window of its own. */
export interface QualityCounter {
  readonly add: (row: AnsweredRow) => void;
  /** Of the instance only what business metrics read. */
  readonly addCoded: (row: CodedAnswer) => void;
  /** What was counted so far; changes with later rows. */
  readonly window: QualityWindow;
}

/**
 * A counter over a setup; no row is held.
 * @param features the model's watched features; the setup's that it no longer has count as missing
 * @param business the metrics to compute for each row
 */
export function qualityCounter(
  setup: QualitySetup,
  features: readonly WatchedFeature[],
  business: readonly ReadyMetric[],
): QualityCounter {
  const code = rowCoder(setup.reference, features);
  const empty = emptyQualityWindow(setup);
  const days = new Map<number | null, OpenDay>();
  const arrival = noArrivals();
  const segments = setup.segments.map((segment) => ({
    counts: empty.segments[segment.column] ?? [],
    sliceOf: segmentReader(segment),
    column: setup.protected.includes(segment.column) ? segment.column : undefined,
  }));
  const dayOf = (at: number | undefined): OpenDay => {
    const day = at === undefined || Number.isNaN(at) ? null : Math.floor(at / DAY);
    const open = days.get(day) ?? openDay(day, setup, business);
    days.set(day, open);
    return open;
  };
  const addCoded = (row: CodedAnswer) => {
    const { coded, slices, at, label } = row;
    const day = dayOf(at);
    const predicted = coded.bin >= setup.reference.cut ? 1 : 0;
    addRow(day.counts, coded, { label, day: day.day ?? undefined });
    for (let segment = 0; segment < segments.length; segment++) {
      const { counts = [], column } = segments[segment] ?? {};
      const value = slices[segment] ?? -1;
      const outcomes = counts[value];
      if (outcomes !== undefined) countOutcome(outcomes, coded, label);
      const group = column === undefined ? undefined : day.groups[column]?.[value];
      if (group !== undefined) countGroupRow(group, predicted, label);
    }
    if (label !== undefined && at !== undefined && row.labelledAt !== undefined) {
      const age = ageIndex(at, row.labelledAt);
      arrival[age] = (arrival[age] ?? 0) + 1;
    }
    addAttribution(day.attribution, row.shap ?? undefined);
    addBusiness(day.business, business, row, predicted);
  };
  const add = (row: AnsweredRow) =>
    addCoded({
      ...row,
      coded: code(row.instance, row.score),
      slices: segments.map(({ sliceOf }) => sliceOf(row.instance)),
    });
  return { add, addCoded, window: { days, segments: empty.segments, arrival } };
}

/** A day that rows are still added to. */
interface OpenDay extends QualityDay {
  readonly attribution: { rows: number; readonly sums: number[] };
  readonly business: Record<string, { rows: number; sum: number; sumOfSquares: number }>;
  readonly groups: Record<string, OpenGroupSums[]>;
}

function openDay(
  day: number | null,
  { reference, attribution, segments, protected: columns }: QualitySetup,
  business: readonly ReadyMetric[],
): OpenDay {
  return {
    day,
    counts: emptyQualityCounts(reference),
    attribution: { rows: 0, sums: new Array<number>(attribution?.names.length ?? 0).fill(0) },
    business: Object.fromEntries(business.map(({ metric }) => [metric.name, { rows: 0, sum: 0, sumOfSquares: 0 }])),
    groups: emptyGroups(segments, columns),
  };
}

function addAttribution(attribution: OpenDay['attribution'], shap: readonly number[] | Float64Array | undefined): void {
  if (shap === undefined || shap.length === 0 || shap.length !== attribution.sums.length) return;
  attribution.rows += 1;
  for (let feature = 0; feature < shap.length; feature++)
    attribution.sums[feature] = (attribution.sums[feature] ?? 0) + Math.abs(shap[feature] ?? 0);
}

function addBusiness(
  sums: OpenDay['business'],
  business: readonly ReadyMetric[],
  { instance, score, label, value }: Omit<AnsweredRow, 'shap'>,
  predicted: number,
): void {
  for (const { metric, evaluate } of business) {
    const figure = evaluate({ instance, score, predicted, label, value });
    const moments = sums[metric.name];
    if (figure === undefined || moments === undefined) continue;
    moments.rows += 1;
    moments.sum += figure;
    moments.sumOfSquares += figure * figure;
  }
}
