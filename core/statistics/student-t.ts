import { normalTail } from './gamma.ts';
import { incompleteBeta } from './incomplete-beta.ts';

/** From here on the normal curve differs by less than the figures that go in are worth. */
const MANY_DEGREES = 1e6;

/**
 * P(T > t) of a Student t variable: half the regularised incomplete beta function I_x(ν/2, ½) at x = ν / (ν + t²) (DLMF 8.17).
 * @param degrees ν > 0, not necessarily whole; infinite: the normal curve
 */
export function studentTail(t: number, degrees: number): number {
  if (degrees > MANY_DEGREES) return normalTail(t);
  const half = incompleteBeta(degrees / (degrees + t * t), degrees / 2, 0.5) / 2;
  return t >= 0 ? half : 1 - half;
}
