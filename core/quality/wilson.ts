import { NORMAL_95 } from '../statistics/normal-quantile.ts';

/**
 * Wilson's score interval of a share (1927), `count` of `rows`, within [0, 1]; `z` standard errors wide on either side. Rows may be an
 * effective number. [0, 1] without rows.
 */
export function wilsonInterval(count: number, rows: number, z = NORMAL_95): [number, number] {
  if (rows === 0) return [0, 1];
  const share = count / rows;
  const spread = (z * z) / rows;
  const center = (share + spread / 2) / (1 + spread);
  const half = (z / (1 + spread)) * Math.sqrt((share * (1 - share)) / rows + spread / (4 * rows));
  return [Math.max(0, center - half), Math.min(1, center + half)];
}
