import type { BinnedFeature, QualityReference } from '../../contracts/quality-reference.ts';
import { normalTail } from '../statistics/gamma.ts';
import { calibrationShift } from './calibration-shift.ts';
import type { LabelledCounts } from './quality-counts.ts';
import { binCount, UNIT } from './row-coder.ts';
import { firstColumns } from './support-sample.ts';

const RANGES = 10;
const MOST_LINES = 6;
const LEAST_ROWS = 30;
/** Chance that any line of evidence is shown when nothing is wrong. */
const FAMILY_LEVEL = 0.01;
const STANDS_OUT = 2;

interface Segment {
  readonly what: string;
  readonly rows: number;
  readonly positives: number;
  readonly expected: number;
  readonly z: number;
}

/**
 * Where labels differ from what was expected: ranges of scores and bins of features whose residual (Σ label − Σ expected) / √Σ c(1 − c)
 * stands out after Bonferroni's correction over all of them, worst first, at most six; before them one line for all rows where level
 * and slope of the calibration are off. Explains an alarm; raises none.
 */
export function whereWrong(reference: QualityReference, labelled: LabelledCounts): readonly string[] {
  const segments = [...scoreRanges(reference, labelled), ...featureBins(reference, labelled)].filter(
    ({ rows, z }) => rows >= LEAST_ROWS && Number.isFinite(z),
  );
  const worst = segments
    .filter(({ z }) => 2 * normalTail(Math.abs(z)) * segments.length < FAMILY_LEVEL)
    .toSorted((a, b) => Math.abs(b.z) - Math.abs(a.z))
    .slice(0, MOST_LINES)
    .map(
      ({ what, rows, positives, expected, z }) =>
        `${what}: ${positives} positive of ${rows}, ${Math.round(expected)} expected (z ${z.toFixed(1)})`,
    );
  return [...overall(labelled), ...worst];
}

/** One line when labels as a whole are off: in level, or more so the higher the score. */
function overall(labelled: LabelledCounts): readonly string[] {
  const { pValue, chiSquare, level, slope } = calibrationShift(labelled);
  if (!(pValue < FAMILY_LEVEL)) return [];
  const words = [
    ...(Math.abs(level) > STANDS_OUT
      ? [`${level < 0 ? 'fewer' : 'more'} positives than expected (z ${level.toFixed(1)})`]
      : []),
    ...(Math.abs(slope) > STANDS_OUT
      ? [`scores tell ${slope < 0 ? 'less' : 'more'} than they did (z ${slope.toFixed(1)})`]
      : []),
  ];
  return [`all rows: ${words.join(', ') || 'level and slope are off'} (χ² ${chiSquare.toFixed(1)}, 2 degrees)`];
}

/** About ten ranges of scores of equal mass among the labelled rows. */
function scoreRanges({ edges }: QualityReference, { rows, positives, expected, variance }: LabelledCounts): Segment[] {
  const total = rows.reduce((sum, count) => sum + count, 0);
  const segments: Segment[] = [];
  let [start, n, hits, sum, spread] = [0, 0, 0, 0, 0];
  for (let bin = 0; bin < rows.length; bin++) {
    n += rows[bin] ?? 0;
    hits += positives[bin] ?? 0;
    sum += expected[bin] ?? 0;
    spread += variance[bin] ?? 0;
    if (n < total / RANGES && bin < rows.length - 1) continue;
    segments.push(segmentOf(`scores ${rangeText(edges[start - 1], edges[bin])}`, n, hits, sum, spread));
    [start, n, hits, sum, spread] = [bin + 1, 0, 0, 0, 0];
  }
  return segments;
}

function featureBins(reference: QualityReference, labelled: LabelledCounts): Segment[] {
  const columnCount = labelled.columnPositives.length;
  const rows = new Float64Array(columnCount);
  labelled.joint.forEach((count, at) => {
    rows[at % columnCount] = (rows[at % columnCount] ?? 0) + count;
  });
  const firsts = firstColumns(reference.features);
  return reference.features.flatMap((feature, i) =>
    Array.from({ length: binCount(feature) }, (_, bin) => {
      const column = (firsts[i] ?? 0) + bin;
      return segmentOf(
        binText(feature, bin),
        rows[column] ?? 0,
        labelled.columnPositives[column] ?? 0,
        labelled.columnExpected[column] ?? 0,
        labelled.columnVariance[column] ?? 0,
      );
    }),
  );
}

function segmentOf(what: string, rows: number, positives: number, expected: number, variance: number): Segment {
  const mean = expected / UNIT;
  return { what, rows, positives, expected: mean, z: (positives - mean) / Math.sqrt(variance / UNIT) };
}

function binText(feature: BinnedFeature, bin: number): string {
  if (bin === binCount(feature) - 1) return `${feature.name} missing`;
  if (feature.kind === 'numeric') return `${feature.name} ${rangeText(feature.edges[bin - 1], feature.edges[bin])}`;
  return bin === 0 ? `${feature.name} any other value` : `${feature.name} ${feature.values[bin - 1] ?? ''}`;
}

function rangeText(from: number | undefined, to: number | undefined): string {
  const text = (value: number) => String(Number(value.toPrecision(3)));
  if (from === undefined) return to === undefined ? 'of all sizes' : `below ${text(to)}`;
  return to === undefined ? `from ${text(from)}` : `${text(from)} to ${text(to)}`;
}
