import { normalQuantile } from '../statistics/normal-quantile.ts';
import { studentTail } from '../statistics/student-t.ts';

/** From here on Student's t is normal to three digits, even at five standard errors. */
const MANY_DEGREES = 5000;
const SMALLEST_TAIL = 1e-290;

/**
 * The standard normal z that is as unlikely as a Student t with so many degrees of freedom: nearer to 0, for a standard error that is
 * itself uncertain. `t` itself where degrees are many or infinite.
 */
export function normalEquivalent(t: number, degrees: number): number {
  if (degrees > MANY_DEGREES) return t;
  const tail = studentTail(Math.abs(t), degrees);
  if (!(tail > SMALLEST_TAIL)) return t;
  return Math.sign(t) * Math.max(0, -normalQuantile(tail));
}
