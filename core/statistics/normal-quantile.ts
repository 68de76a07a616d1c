import { normalTail } from './gamma.ts';

const STEPS = 60;
/** Two-sided 95 %: the value that a standard normal variable exceeds with a chance of 2.5 %. */
export const NORMAL_95 = 1.959963984540054;

/**
 * The z that a standard normal variable stays below with chance `probability` (0 < probability < 1), by Newton's method on the
 * logarithm of the tail, which is concave and so converges from everywhere.
 */
export function normalQuantile(probability: number): number {
  if (probability > 0.5) return upperPoint(1 - probability);
  return probability === 0.5 ? 0 : -upperPoint(probability);
}

function upperPoint(tail: number): number {
  let z = Math.sqrt(Math.max(0, -2 * Math.log(2 * tail)));
  for (let step = 0; step < STEPS; step++) {
    const there = normalTail(z);
    const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
    const change = (Math.log(there / tail) * there) / density;
    z += change;
    if (Math.abs(change) < 1e-15 * Math.max(1, Math.abs(z))) break;
  }
  return z;
}
