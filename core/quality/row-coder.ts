import type { BinnedFeature, QualityReference } from '../../contracts/quality-reference.ts';
import type { Instance } from '../../contracts/serving.ts';
import { binOf } from '../profile/edges.ts';
import type { WatchedFeature } from '../profile/watched.ts';

/** Sums of expected labels are kept in whole units of 2⁻²⁰, so that they add up exactly in any order. */
export const UNIT = 2 ** 20;

/** A row as counts see it: its bins, and the label the reference expects of it. */
export interface CodedRow {
  /** Score bin. */
  readonly bin: number;
  /** Where the row's cell begins in joint counts. */
  readonly offset: number;
  /** One column per feature. */
  readonly columns: Uint16Array;
  /** Expected label and its variance, in units of 2⁻²⁰. The expected label may lie a little outside of 0–1. */
  readonly expected: number;
  readonly variance: number;
}

/** The part of a reference that says which bins a row falls into, and what is expected there. */
export type LinearReference = Pick<QualityReference, 'edges' | 'features' | 'groups' | 'cells' | 'base' | 'theta'>;

/** Turns a row and its score into bins. */
export type RowCoder = (instance: Instance, score: number) => CodedRow;

/**
 * A coder over the reference's bins, made once per window. Features of the reference that the model no longer has count as missing.
 * @param varianceOf variance of a row's label given its expectation. Left out: c (1 − c), of a label that is 0 or 1
 */
export function rowCoder(
  reference: LinearReference,
  watched: readonly WatchedFeature[],
  varianceOf: (expected: number) => number = labelVariance,
): RowCoder {
  const readers = featureCoders(reference.features, watched);
  const code = columnCoder(reference, varianceOf);
  return (instance, score) => {
    const columns = new Uint16Array(readers.length);
    for (let i = 0; i < readers.length; i++) columns[i] = readers[i]?.(instance) ?? 0;
    return code(columns, score);
  };
}

/** Turns the columns of a row, one per feature, and its score into bins. */
export function columnCoder(
  reference: LinearReference,
  varianceOf: (expected: number) => number = labelVariance,
): (columns: Uint16Array, score: number) => CodedRow {
  const columnCount = reference.theta[0]?.length ?? 0;
  const theta = reference.theta.map((values) => Float64Array.from(values));
  return (columns, score) => {
    const bin = binOf(reference.edges, score);
    const corrections = theta[reference.groups[bin] ?? 0];
    let expected = reference.base[bin] ?? 0;
    for (let i = 0; i < columns.length; i++) expected += corrections?.[columns[i] ?? 0] ?? 0;
    return {
      bin,
      offset: (reference.cells[bin] ?? 0) * columnCount,
      columns,
      expected: Math.round(expected * UNIT),
      variance: Math.round(varianceOf(expected) * UNIT),
    };
  };
}

function labelVariance(expected: number): number {
  const chance = Math.min(0.999, Math.max(0.001, expected));
  return chance * (1 - chance);
}

/** For each binned feature the column of a row: the feature's first column plus its bin. */
export function featureCoders(
  features: readonly BinnedFeature[],
  watched: readonly WatchedFeature[],
): readonly ((instance: Instance) => number)[] {
  const byName = new Map(watched.map((feature) => [feature.name, feature]));
  let first = 0;
  return features.map((feature) => {
    const start = first;
    first += binCount(feature);
    return coderOf(feature, byName.get(feature.name), start);
  });
}

/** Bins of a feature, the one for missing values included. */
export function binCount(feature: BinnedFeature): number {
  return feature.kind === 'numeric' ? feature.edges.length + 2 : feature.values.length + 2;
}

function coderOf(feature: BinnedFeature, watched: WatchedFeature | undefined, start: number) {
  const missing = start + binCount(feature) - 1;
  if (feature.kind === 'numeric' && watched?.kind === 'numeric') {
    const edges = feature.edges;
    return (instance: Instance) => {
      const value = watched.read(instance);
      return Number.isNaN(value) ? missing : start + binOf(edges, value);
    };
  }
  if (feature.kind === 'category' && watched?.kind === 'category') {
    const bins = new Map(feature.values.map((value, index) => [value, start + 1 + index]));
    return (instance: Instance) => {
      const value = watched.read(instance);
      return value === undefined ? missing : (bins.get(value) ?? start);
    };
  }
  return () => missing;
}
