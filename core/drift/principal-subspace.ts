import { symmetricEigen } from '../statistics/symmetric-eigen.ts';
import { correlationOf, type Moments } from './pair-moments.ts';

/** The directions in which the baseline's features vary most, and what they leave over. */
export interface PrincipalSubspace {
  /** Index of each feature that is not constant, among the moments' names. */
  readonly features: readonly number[];
  readonly means: readonly number[];
  readonly deviations: readonly number[];
  /** One vector over `features` for each component. */
  readonly components: readonly (readonly number[])[];
  /** Share of the variance that the components hold, 0–1. */
  readonly explained: number;
  /** Eigenvalues of the directions that are left over. */
  readonly residual: readonly number[];
  /** Mean squared reconstruction error to expect of new rows of the baseline's kind. */
  readonly expectedError: number;
}

/** Share of the variance that the components must reach. */
const EXPLAINED = 0.7;
/** With two features the correlation says it all. */
const LEAST_FEATURES = 3;
/** Less left over than this, per feature, is rounding. */
const LEAST_ERROR = 1e-6;

/**
 * Principal components of the baseline's correlation matrix, as many as hold 70 % of the variance (Jolliffe 2002, §6.1); undefined
 * with fewer than three features that vary, or when so few components leave nothing over.
 */
export function principalSubspace(moments: Moments): PrincipalSubspace | undefined {
  const { names, means, products, rows } = moments;
  const features = names.flatMap((_, i) => (correlationOf(moments, i, i) === undefined ? [] : [i]));
  if (features.length < LEAST_FEATURES) return undefined;
  const { values, vectors } = symmetricEigen(
    features.map((i) => features.map((j) => (i === j ? 1 : (correlationOf(moments, i, j) ?? 0)))),
  );
  const count = componentsFor(values, EXPLAINED * features.length);
  const residual = values.slice(count);
  const error = residual.reduce((sum, value) => sum + value, 0);
  if (error < LEAST_ERROR * features.length) return undefined;
  return {
    features,
    means: features.map((i) => means[i] ?? 0),
    deviations: features.map((i) => Math.sqrt((products[i]?.[i] ?? 0) - (means[i] ?? 0) ** 2)),
    components: vectors.slice(0, count),
    explained: 1 - error / features.length,
    residual,
    expectedError: error + optimism(values.slice(0, count), residual, rows),
  };
}

function componentsFor(values: readonly number[], wanted: number): number {
  let [held, count] = [0, 0];
  while (held < wanted && count < values.length - 1) {
    held += values[count] ?? 0;
    count += 1;
  }
  return count;
}

/**
 * How much larger the error of new rows is than that of the rows the components were fitted to: twice what a turn of each component
 * towards each direction left over costs at the first order of perturbation (Anderson 1963), at most what swapping them would cost.
 */
function optimism(kept: readonly number[], residual: readonly number[], rows: number): number {
  return kept.reduce(
    (sum, large) =>
      sum +
      residual.reduce((inner, small) => {
        const gap = large - small;
        return gap <= 0 ? inner : inner + Math.min(gap, (2 * large * small) / (rows * gap));
      }, 0),
    0,
  );
}

/**
 * Mean over the rows of ‖y − VVᵀy‖², y being the features in the baseline's standard units and V the components: exactly
 * tr(M) − tr(VᵀMV) with M = E[y yᵀ], so that no rows are needed. 0: every row lies in the subspace.
 */
export function reconstructionError(
  { features, means, deviations, components }: PrincipalSubspace,
  window: Moments,
): number {
  const standard = features.map((i, a) =>
    features.map((j, b) => {
      const [mi, mj] = [means[a] ?? 0, means[b] ?? 0];
      const product = window.products[i]?.[j] ?? 0;
      const centred = product - mi * (window.means[j] ?? 0) - mj * (window.means[i] ?? 0) + mi * mj;
      return centred / ((deviations[a] ?? 1) * (deviations[b] ?? 1));
    }),
  );
  const whole = standard.reduce((sum, row, a) => sum + (row[a] ?? 0), 0);
  const held = components.reduce((sum, v) => sum + dot(v, multiply(standard, v)), 0);
  return Math.max(0, whole - held);
}

const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, x, i) => sum + x * (b[i] ?? 0), 0);
const multiply = (matrix: readonly (readonly number[])[], v: readonly number[]) => matrix.map((row) => dot(row, v));
