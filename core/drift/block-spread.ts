import { studentTail } from '../statistics/student-t.ts';

/** How a quantity varies between windows of a quiet baseline, beyond what its rows explain. */
export interface Spread {
  /** Its mean over the blocks. */
  readonly centre: number;
  /** Variance between windows that sampling of rows does not explain (method of moments). */
  readonly between: number;
  /** Degrees of freedom of that variance; infinite when there is none. */
  readonly degrees: number;
  /** Windows' worth of blocks that the centre is a mean of; infinite when there are no blocks. */
  readonly windows: number;
}

/** A quantity of one block, and the variance that its rows alone give it. */
export interface BlockValue {
  readonly value: number;
  readonly sampling: number;
}

/** The spread when rows count as independent. */
export function noSpread(centre: number): Spread {
  return { centre, between: 0, degrees: Number.POSITIVE_INFINITY, windows: Number.POSITIVE_INFINITY };
}

/**
 * Spread of values of blocks. `perWindow`: blocks that a window averages over, when values are of single blocks; `overlap`: how
 * often a block counts, when values are of runs that overlap.
 */
export function spreadOf(
  values: readonly BlockValue[],
  { perWindow, overlap }: { readonly perWindow: number; readonly overlap: number },
): Spread {
  const centre = values.reduce((sum, { value }) => sum + value, 0) / values.length;
  const windows = values.length / perWindow / overlap;
  if (windows <= 1 || values.length < 2) return noSpread(centre);
  // Overlapping runs lie closer together than separate ones would: their variance is low by one part in the number of runs.
  const shortfall = 1 - 1 / (values.length / overlap);
  const spread = values.reduce((sum, { value }) => sum + (value - centre) ** 2, 0) / values.length / shortfall;
  const sampling = values.reduce((sum, block) => sum + block.sampling, 0) / values.length;
  const between = Math.max(0, spread - sampling) / perWindow;
  const degrees = values.length / overlap - 1;
  return { centre, between, degrees: between > 0 ? degrees : Number.POSITIVE_INFINITY, windows };
}

/**
 * The spread when only a design effect is known: the windows of the baseline's time vary as much more than their rows explain.
 * @param sampling variance of the window's value from its rows alone
 */
export function spreadOfDesign(centre: number, sampling: number, designEffect: number, windows: number): Spread {
  if (designEffect <= 1 || windows <= 1) return noSpread(centre);
  return { centre, between: (designEffect - 1) * sampling, degrees: windows - 1, windows };
}

/** What a change is measured against, and how sure it is. */
export interface ChangeTest {
  readonly pValue: number;
  /** Standard error of the change. */
  readonly error: number;
}

/**
 * Two-sided test of a window's value against the centre: Student's t, its degrees of freedom after Welch–Satterthwaite, because
 * the variance between blocks is known only as well as the number of blocks allows.
 */
export function testChange(change: number, sampling: number, { between, degrees, windows }: Spread): ChangeTest {
  const between2 = between * (1 + 1 / windows);
  const variance = sampling + between2;
  if (variance <= 0) return { pValue: change === 0 ? 1 : 0, error: 0 };
  const effective = between2 > 0 ? (degrees * variance ** 2) / between2 ** 2 : Number.POSITIVE_INFINITY;
  const error = Math.sqrt(variance);
  return { pValue: 2 * studentTail(Math.abs(change) / error, effective), error };
}
