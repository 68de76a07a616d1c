import { logGamma, normalTail } from './gamma.ts';

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

/** I_x(a, b) by Lentz's method on the continued fraction DLMF 8.17.22, on whichever side it converges quickly. */
function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0 || x >= 1) return x <= 0 ? 0 : 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a);
  const front = logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x);
  return (Math.exp(front) * fraction(x, a, b)) / a;
}

const TERMS = 10_000;
const PRECISION = 1e-15;
const TINY = 1e-300;

function fraction(x: number, a: number, b: number): number {
  let c = 1;
  let d = 1 / (1 - ((a + b) * x) / (a + 1) || TINY);
  let value = d;
  for (let m = 1; m < TERMS; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    let step = 1;
    for (const numerator of [even, odd]) {
      d = 1 / (1 + numerator * d || TINY);
      c = 1 + numerator / c || TINY;
      step = c * d;
      value *= step;
    }
    if (Math.abs(step - 1) < PRECISION) break;
  }
  return value;
}
