import type { AttributionSums, Moments, OutcomeCounts, QualitySetup } from '../../contracts/quality-window.ts';
import { mergeMoments, noMoments } from '../business/business-value.ts';
import { noArrivals } from '../labels/label-arrival.ts';
import { mergeAttribution } from './attribution-drift.ts';
import { type Groups, mergeGroups } from './group-sums.ts';
import { mergeOutcomes } from './outcome-counts.ts';
import { mergeQualityCounts, type QualityCounts } from './quality-counts.ts';
import { emptySegment } from './segments.ts';

/** What one day of a window adds up to. */
export interface QualityDay {
  /** Whole UTC days since 1970; null for rows without time. */
  readonly day: number | null;
  readonly counts: QualityCounts;
  readonly attribution: AttributionSums;
  /** Business metrics by name. */
  readonly business: Readonly<Record<string, Moments>>;
  readonly groups: Groups;
}

/** Every count the quality of a window is judged by. Additive: hours add up to days, shards to wholes, exactly. */
export interface QualityWindow {
  readonly days: ReadonlyMap<number | null, QualityDay>;
  /** Outcomes by column, in the order of the segment's values. */
  readonly segments: Readonly<Record<string, readonly OutcomeCounts[]>>;
  readonly arrival: readonly number[];
}

/** No rows. */
export function emptyQualityWindow(setup: QualitySetup): QualityWindow {
  const bins = setup.reference.edges.length + 1;
  return {
    days: new Map(),
    segments: Object.fromEntries(setup.segments.map((segment) => [segment.column, emptySegment(segment, bins)])),
    arrival: noArrivals(),
  };
}

/** The counts of both, exactly: both must be over the same setup. */
export function mergeQualityWindows(a: QualityWindow, b: QualityWindow): QualityWindow {
  const days = new Map(a.days);
  for (const [key, day] of b.days) {
    const known = days.get(key);
    days.set(key, known === undefined ? day : mergeDays(known, day));
  }
  return {
    days: new Map([...days].sort(([x], [y]) => (x ?? -1) - (y ?? -1))),
    segments: Object.fromEntries(
      Object.entries(a.segments).map(([column, counts]) => [
        column,
        counts.map((left, index) => {
          const right = b.segments[column]?.[index];
          return right === undefined ? left : mergeOutcomes(left, right);
        }),
      ]),
    ),
    arrival: a.arrival.map((count, age) => count + (b.arrival[age] ?? 0)),
  };
}

function mergeDays(a: QualityDay, b: QualityDay): QualityDay {
  const names = new Set([...Object.keys(a.business), ...Object.keys(b.business)]);
  return {
    day: a.day,
    counts: mergeQualityCounts(a.counts, b.counts),
    attribution: mergeAttribution(a.attribution, b.attribution),
    groups: mergeGroups(a.groups, b.groups),
    business: Object.fromEntries(
      [...names].map((name) => [name, mergeMoments(a.business[name] ?? noMoments(), b.business[name] ?? noMoments())]),
    ),
  };
}
