import type { Moments, QualitySetup, Segment } from '../../contracts/quality-window.ts';
import type { ReadyMetric } from '../business/business-metrics.ts';
import { mergeMoments, noMoments } from '../business/business-value.ts';
import { mergeAttribution, noAttribution } from './attribution-drift.ts';
import { countGroupRow, emptyGroups } from './group-sums.ts';
import { fitQualityReference, type HeldOut } from './quality-reference.ts';
import { rowCoder } from './row-coder.ts';
import { fitSegment, type KnownRow, segmentReader } from './segments.ts';

/** Days kept of the reference's attributions, evenly spread. */
const MOST_DAYS = 60;

/** Held-out rows, and what later windows are to be judged by. */
export interface SetupInput extends HeldOut {
  /** Columns followed value by value; protected ones are added. */
  readonly slices: readonly string[];
  readonly protected: readonly string[];
  /** SHAP values of each row in the order of `names`; null when nothing was explained. */
  readonly explained: { readonly names: readonly string[]; readonly shap: readonly (readonly number[])[] } | null;
  readonly business: readonly ReadyMetric[];
}

/**
 * What is kept of held-out rows so that later windows can be judged: plain JSON, written once with the model.
 * @throws ModelwayError `invalid-held-out-rows` as `fitQualityReference` does
 */
export function fitQualitySetup(input: SetupInput): QualitySetup {
  const reference = fitQualityReference(input);
  const code = rowCoder(reference, input.features);
  const rows = input.instances.map((instance, row) => ({
    instance,
    coded: code(instance, input.scores[row] ?? 0),
    label: input.labels[row] ?? 0,
  }));
  const columns = [...new Set([...input.slices, ...input.protected])];
  const segments = columns.map((column) => fitSegment(column, rows, reference.edges.length + 1));
  const groups = [...new Set(input.protected)];
  return {
    version: 1,
    reference,
    segments,
    protected: groups,
    groupDays: groupDaysOf(rows, input.days, { segments, groups, cut: reference.cut }),
    attribution: attributionOf(input),
    business: Object.fromEntries(businessOf(input)),
  };
}

/** What each held-out day had of every group, oldest first; empty when some row's day is not known. */
function groupDaysOf(
  rows: readonly KnownRow[],
  days: readonly number[],
  { segments, groups, cut }: { segments: readonly Segment[]; groups: readonly string[]; cut: number },
): QualitySetup['groupDays'] {
  if (groups.length === 0 || days.length !== rows.length || days.some((day) => Number.isNaN(day))) return [];
  const readers = segments
    .filter(({ column }) => groups.includes(column))
    .map((segment) => ({ column: segment.column, sliceOf: segmentReader(segment) }));
  const byDay = new Map([...new Set(days)].sort((a, b) => a - b).map((day) => [day, emptyGroups(segments, groups)]));
  rows.forEach(({ instance, coded, label }, row) => {
    const day = byDay.get(days[row] ?? 0);
    for (const { column, sliceOf } of readers) {
      const sums = day?.[column]?.[sliceOf(instance)];
      if (sums !== undefined) countGroupRow(sums, coded.bin >= cut ? 1 : 0, label);
    }
  });
  return [...byDay.values()];
}

function attributionOf({ explained, days }: SetupInput): QualitySetup['attribution'] {
  if (explained === null) return null;
  const { names, shap } = explained;
  const rows = shap.map((values) => ({ rows: 1, sums: names.map((_, feature) => Math.abs(values[feature] ?? 0)) }));
  const sumOf = (members: readonly (typeof rows)[number][]) =>
    members.reduce(mergeAttribution, noAttribution(names.length));
  const known = days.length === rows.length && !days.some((day) => Number.isNaN(day));
  const byDay = known ? [...Map.groupBy(rows.entries(), ([row]) => days[row] ?? 0)].sort(([a], [b]) => a - b) : [];
  const step = Math.max(1, Math.ceil(byDay.length / MOST_DAYS));
  return {
    names: [...names],
    whole: sumOf(rows),
    days: byDay.filter((_, index) => index % step === 0).map(([, members]) => sumOf(members.map(([, row]) => row))),
  };
}

/** A metric that reads `value` cannot be computed on held-out rows, which have labels and no values: it is left out. */
function businessOf({ business, instances, scores, labels, threshold }: SetupInput) {
  return business.flatMap(({ metric, evaluate }) => {
    const moments = instances.reduce<Moments>((sum, instance, row) => {
      const score = scores[row] ?? 0;
      const predicted = score >= threshold ? 1 : 0;
      const figure = evaluate({ instance, score, predicted, label: labels[row], value: undefined });
      return figure === undefined ? sum : mergeMoments(sum, { rows: 1, sum: figure, sumOfSquares: figure * figure });
    }, noMoments());
    return moments.rows === 0 ? [] : [[metric.name, moments] as const];
  });
}
