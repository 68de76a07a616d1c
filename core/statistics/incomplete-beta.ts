import { logGamma } from './gamma.ts';

/**
 * I_x(a, b), the regularised incomplete beta function: Lentz's method on the continued fraction DLMF 8.17.22, on whichever side it
 * converges quickly, so that small values keep their relative precision. For whole a and b it is P(X ≥ a) of a binomial variable of
 * a + b − 1 trials with probability x.
 * @param x 0–1
 * @param a above 0, as is `b`
 */
export function incompleteBeta(x: number, a: number, b: number): number {
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
